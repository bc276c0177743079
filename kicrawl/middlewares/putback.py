"""A request that was not made, for no fault of its page."""

from datetime import datetime

from scrapy.exceptions import IgnoreRequest


class PutBack(IgnoreRequest):
    """Not now: the page stays due. `due_at`: when the site said that it may be asked again, if it did."""

    def __init__(self, why: str, due_at: datetime | None = None) -> None:
        super().__init__(why)
        self.due_at = due_at
