"""`kicrawl browse`: an archive in the browser. Datasette shows the tables, pages of our own show stories and charts."""
