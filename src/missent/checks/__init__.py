"""Who: one misdirection check per file, (message, envelope, context) -> findings. A check only reports."""
