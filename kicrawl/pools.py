"""Work that many processes share, here or on a cluster: results in order, and no loss when a worker dies."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 3  # pieces of work given out for each worker
MOST_DEATHS = 3  # of workers in a row at the same piece of work
SECONDS = 10  # in which a scheduler must answer

OpenPool = Callable[[], AbstractContextManager[tuple[Executor, int]]]  # what gives workers, and how many they are


class WorkersDie(Exception):
    """Workers die again and again at the same piece of work."""


@contextmanager
def processes(number: int) -> Iterator[tuple[Executor, int]]:
    """A pool of so many processes of this machine."""
    context = multiprocessing.get_context("spawn")  # a fork would share open databases
    pool = ProcessPoolExecutor(number, mp_context=context, initializer=_leave_interrupts)
    try:
        yield pool, number
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of a Dask scheduler (tcp://host:8786), which gives the work of one that dies to another.

    Raises ValueError, with a line for the user, if Dask is not installed or no scheduler answers.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ValueError("--scheduler needs Dask: pip install 'kicrawl[cluster]'") from None
    try:
        client = Client(address, timeout=SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ValueError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        threads = client.nthreads().values()  # type: ignore[no-untyped-call]
        yield client.get_executor(pure=False), max(1, sum(threads))  # type: ignore[no-untyped-call]


def work_in_order(open_pool: OpenPool, work: Callable[[T], R], pieces: Iterable[T]) -> Generator[R, None, None]:
    """The results of the pieces, in their order. What a dying worker takes with it is done again by a new pool.

    Raises WorkersDie when a piece kills one pool after another.
    """
    coming, given = iter(pieces), deque[T]()
    deaths = 0
    while True:
        with open_pool() as (pool, workers):
            try:
                futures: deque[Future[R]] = deque(pool.submit(work, piece) for piece in given)
                while True:
                    while len(given) < AHEAD * workers and (piece := next(coming, None)) is not None:
                        given.append(piece)
                        futures.append(pool.submit(work, piece))
                    if not given:
                        return
                    result = futures.popleft().result()
                    given.popleft()
                    deaths = 0
                    yield result
            except BrokenExecutor as error:
                deaths += 1
                if deaths == MOST_DEATHS:
                    raise WorkersDie(str(error)) from error


def _leave_interrupts() -> None:
    """Ctrl-C is for the program, which ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
