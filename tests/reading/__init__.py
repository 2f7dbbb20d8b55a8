"""Tests of what is read; `making` is shared by them."""
