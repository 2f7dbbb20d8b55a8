"""What must survive: holds, history, register, policy, outbox, audit chain; SQLAlchemy Core over SQLite or PostgreSQL."""
