"""Past mail judged again as if it came in now: what a policy would have asked, caught and delayed."""
