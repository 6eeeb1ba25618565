"""`make torture`: what the promises about money and decisions are worth when everybody comes at once, and the twins:
the broken designs that must be caught, or the programme proves nothing."""
