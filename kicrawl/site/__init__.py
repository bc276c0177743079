"""Everything known about kyivindependent.com, as data. Nothing here reads pages, files or the network."""
