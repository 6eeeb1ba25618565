"""Each request: whose it is, in which language, with which figures, and for whom its address is."""
