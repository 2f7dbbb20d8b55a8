"""The nouns every room speaks: frozen, slotted, without behaviour beyond what follows from their own fields."""
