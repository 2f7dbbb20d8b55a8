"""Who is likely to be meant: learned from past mail, without keeping its text. Pure."""
