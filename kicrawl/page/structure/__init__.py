"""Where on a page of any design the story stands, found by structure alone. No class name is known here."""
