"""What the visible text of a page states around and in its story: tags, byline, dates, people, pictures, cards."""
