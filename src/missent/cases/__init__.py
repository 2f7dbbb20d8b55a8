"""Exposures under assessment: their states, the 72-hour clock, the bundle of evidence. Pure: what is kept is the store's."""
