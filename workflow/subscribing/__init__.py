"""Who follows a proposal by mail: they asked, confirmed it from their own address, and leave with one click."""
