"""A person looks: the console on loopback, and the sender's page behind a signed link."""
