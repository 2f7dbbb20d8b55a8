"""The investigation: everything read once, what may matter judged with hindsight by the engine that judges new mail."""
