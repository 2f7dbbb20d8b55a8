"""A running set-up looked at from outside, as its users and its mail server meet it, and tried with a canary."""
