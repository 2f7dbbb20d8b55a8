"""The answer of an investigation as one page that opens without a network."""
