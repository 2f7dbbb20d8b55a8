"""Findings and reasons in words people understand, by language; data, not code."""

from missent.words.findings import advise, explain, plain_facts, reckoning

__all__ = ["advise", "explain", "plain_facts", "reckoning"]
