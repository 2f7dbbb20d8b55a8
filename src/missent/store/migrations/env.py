"""Alembic's entry: runs the wanted revisions inside the transaction `missent.store.migrating` has begun."""

from alembic import context


def run() -> None:
    """Apply revisions on the connection handed over; they are committed, or undone, with its transaction."""
    context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # the name Alembic loads it under
    run()
