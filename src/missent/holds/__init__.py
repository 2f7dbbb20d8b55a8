"""The hold: its transitions as a table, who may take which step, and the corrected copy. Pure."""
