"""What leaves: notices, reminders, confirmed and corrected copies, DSNs. Others only write an outbox row."""
