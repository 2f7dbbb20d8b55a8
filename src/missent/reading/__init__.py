"""What stands in a message: its parts decoded to texts with their places."""
