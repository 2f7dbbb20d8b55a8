"""History without a database, exact as of any moment: for replays over past mail, and the twin of the store in every test."""
