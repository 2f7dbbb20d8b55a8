"""Whom one writes to: names that are known, the register, history, and what resembles what. Pure."""
