"""Pages of what the public says and is shown: comments, publishing, and what a town must tell everybody."""
