"""Files from the accounting system, read row by row; each row's fate."""
