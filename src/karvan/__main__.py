"""`python -m karvan` is `karvan`."""

from karvan.bootstrap import main

if __name__ == "__main__":
    main()
