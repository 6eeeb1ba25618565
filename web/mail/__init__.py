"""The words of letters, and the links that they carry."""
