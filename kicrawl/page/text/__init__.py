"""Plain text (WET, .txt): the same facts and blocks as from HTML, by the order of lines alone."""
