"""Findings and reasons in words people understand, by language; data, not code."""
