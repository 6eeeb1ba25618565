"""What the engine can be asked, one class for each kind of question or change."""
