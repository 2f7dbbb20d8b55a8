"""One file per format: `read(file, into)` puts what a file holds where it belongs, and raises Unreadable where it cannot."""
