"""A real Ghost server on 127.0.0.1 with an invented newsroom, for the long tests. See README.md here."""

from .install import CannotInstall
from .posts import AUTHORS, TAGS, Post
from .site import Asked, Site, serve

__all__ = ["AUTHORS", "TAGS", "Asked", "CannotInstall", "Post", "Site", "serve"]
