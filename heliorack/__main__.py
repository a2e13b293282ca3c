"""`python -m heliorack`, as good as the command `heliorack`."""

from heliorack.cli.app import main

if __name__ == "__main__":
    main()
