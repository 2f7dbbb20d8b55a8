"""Logs of mail servers: who handed which message for whom to which host, and what that host answered."""
