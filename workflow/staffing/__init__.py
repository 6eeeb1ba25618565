"""Whether there is always somebody who may act."""
