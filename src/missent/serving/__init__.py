"""One node: relay, sender's pages, console and delivery worker in one process, over one store."""
