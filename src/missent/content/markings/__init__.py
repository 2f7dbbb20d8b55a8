"""Protective markings: what the author said of how a text must be kept, read by a grammar for each scheme.

`find` is the way in: positions -> readings of each scheme -> resolution of bare words -> `Found`; `lattice` compares.
"""
