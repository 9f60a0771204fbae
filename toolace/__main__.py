"""`python -m toolace` is the `toolace` command."""

from toolace.cli import main

if __name__ == "__main__":
    main()
