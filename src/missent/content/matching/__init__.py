"""Many patterns over one text at the cost of few: a cheap pass tells where each could match, `re` says whether it does."""
