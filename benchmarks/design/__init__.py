"""Page designs nobody has seen: drawn at random from many independent choices, the same for the same seed."""
