"""Outlook's own formats, .msg and PST, made into messages of RFC 5322."""
