"""What is booked and shared out: invoices, co-financing, the year list, the end of a year."""
