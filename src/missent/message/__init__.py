"""Bytes to Message: header fields, addresses, the parts and what of them could not be read. Pure."""
