"""missent keeps e-mail from reaching the wrong people, and finds out what happened when it already has."""

__version__ = "0.1.0"
