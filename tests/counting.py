"""How many hostile inputs this test process has given to the readers; tests say so at their end (conftest.py)."""

tried = 0


def one_more() -> None:
    """Counts an input."""
    global tried
    tried += 1
