"""What can be wrong with an archive before a single story is read."""


class ArchiveError(Exception):
    """The archive cannot be used; the message is one line for the user that says what to do."""
