"""What the public says and is shown: comments, moderation, publishing, correcting and erasing."""
