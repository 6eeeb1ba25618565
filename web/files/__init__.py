"""What can be taken away: spreadsheets, papers, calendars."""
