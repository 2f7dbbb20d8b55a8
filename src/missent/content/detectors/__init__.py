"""Sensitive content that nobody marked: one detector per file, each a pattern, a validator, context words and a reason."""
