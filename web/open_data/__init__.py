"""What leaves the house to be read by programmes: JSON, feeds, calendars, tables, and the page that tells of them."""
