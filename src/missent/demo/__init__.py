"""A made-up ministry, its partners and three months of its mail, and the story that `missent demo` tells with them."""
