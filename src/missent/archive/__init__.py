"""The past: readers of mailboxes and folders."""
