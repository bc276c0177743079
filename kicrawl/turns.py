"""A run's turn to fetch: waiting for it, keeping it, and noticing that another run wants it."""

import asyncio
import time
from datetime import UTC, datetime

from sqlalchemy import Engine

from kicrawl.archive import lock

LOOK_AGAIN = 0.2  # seconds between two looks at a lock that is held
DOUBT = 1.0  # seconds of looking before it counts as held: `status` holds it for an instant, a new holder signs late
PATIENCE = 90.0  # seconds for the holder to give way once asked: its last page may take 30, and it looks every 2
COURTESY = 5.0  # seconds that a run that gave way leaves the lock to whoever asked


class Turn:
    """The turn of one run. `slice_number`: 2 and more go on with the work of a run that gave way, and wait for ever."""

    def __init__(self, engine: Engine, spider: str, slice_number: int = 1) -> None:
        self.engine = engine
        self.spider = spider
        self.slice_number = slice_number
        self.lock = lock.lock_of(engine)
        self.fetches = spider not in lock.WITHOUT
        self.gives_way = spider in lock.GIVE_WAY

    async def come(self) -> None:
        """Wait for it. Raises Locked if another run holds the lock and will not give way."""
        if not self.fetches:
            return
        if self.slice_number > 1:
            await asyncio.sleep(COURTESY)
        looking_at, until = lock.Holder(run=0), 0.0
        while not await asyncio.to_thread(self.lock.take):
            holder = await asyncio.to_thread(lock.find_holder, self.engine)
            if holder and holder != looking_at:
                looking_at, until = holder, time.monotonic() + (PATIENCE if await self.ask(holder) else DOUBT)
            elif holder and self.slice_number == 1 and time.monotonic() > until:
                raise lock.Locked(f"{holder} holds the lock")
            await asyncio.sleep(LOOK_AGAIN)

    async def ask(self, holder: lock.Holder) -> bool:
        """Ask the holder to give way; whether it is one that does."""
        if self.spider != lock.ASKS or holder.run is None or holder.spider not in lock.GIVE_WAY:
            return False
        await asyncio.to_thread(lock.ask_to_give_way, self.engine, holder.run, datetime.now(UTC))
        return True

    def begin(self, run: int) -> None:
        """Say which run's turn it is."""
        if self.fetches:
            self.lock.sign(run)

    def kept(self) -> bool:
        """Whether it is still ours."""
        return not self.fetches or self.lock.kept()

    def wanted(self) -> bool:
        """Whether another run wants it and we give way."""
        return self.gives_way and lock.wanted(self.engine)

    def over(self) -> None:
        """Leave it to the next."""
        self.lock.release()
