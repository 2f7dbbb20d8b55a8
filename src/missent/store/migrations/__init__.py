"""How the schema came to be: one file per revision in `versions`, applied by `missent.store.migrating`."""
