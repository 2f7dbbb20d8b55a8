"""`python -m missent`."""

from missent.cli import main

if __name__ == "__main__":
    main()
