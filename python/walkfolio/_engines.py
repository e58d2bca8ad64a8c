"""Batches of work on the engine that is there: a pool of `concurrent.futures`, Dask or Ray."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .errors import DataError, WalkfolioError

Part = tuple[int, bytes | None]
Work = Callable[[list[int]], list[Part]]

KNOWN = "None, an Executor of concurrent.futures, a Client of dask.distributed, 'ray', 'ray://...' or 'dask://...'"


@dataclass(frozen=True)
class Options:
    """How work is cut: numbers in a batch, the seconds of one, and how often a lost batch is tried again."""

    batch: int | None
    seconds: float
    retries: int

    def cut(self, numbers: list[int], workers: int) -> list[list[int]]:
        """Neighbours together: they share most of their settings, and so their estimates.

        Four batches for each worker, but none that takes less than a second.
        """
        each = self.batch
        if each is None:
            fair = -(-len(numbers) // (4 * max(1, workers)))
            each = max(fair, int(1.0 / self.seconds) if self.seconds > 0 else 1, 1)
        return [numbers[start : start + each] for start in range(0, len(numbers), each)]


def batches(on: Any, work: Work, numbers: list[int], options: Options) -> Iterator[list[Part]]:
    """Run the work on every number, in batches, and give what each batch leaves as it ends."""
    if isinstance(on, concurrent.futures.Executor):
        yield from _on_pool(on, work, numbers, options)
    elif isinstance(on, str) and (on == "ray" or on.startswith("ray://")):
        yield from _on_ray(on, work, numbers, options)
    elif isinstance(on, str) and on.startswith("dask://"):
        with _dask_client(on) as client:
            yield from _on_dask(client, work, numbers, options)
    elif hasattr(on, "scatter") and hasattr(on, "submit"):
        yield from _on_dask(on, work, numbers, options)
    else:
        found = repr(on) if isinstance(on, str) else type(on).__name__
        raise DataError(f"a sweep does not run on {found}", KNOWN)


def _on_pool(
    pool: concurrent.futures.Executor, work: Work, numbers: list[int], options: Options
) -> Iterator[list[Part]]:
    workers = getattr(pool, "_max_workers", None) or os.cpu_count() or 1
    waiting = [pool.submit(work, some) for some in options.cut(numbers, workers)]
    try:
        for done in concurrent.futures.as_completed(waiting):
            yield done.result()
    finally:
        for task in waiting:
            task.cancel()


def _same(work: Work) -> Work:
    """What the workers share."""
    return work


def _do(work: Work, numbers: list[int]) -> list[Part]:
    return work(numbers)


@contextlib.contextmanager
def _reached(url: str) -> Iterator[None]:
    """Say in our words that there is no cluster at an address."""
    try:
        yield
    except OSError as error:
        raise DataError(f"no cluster answers at {url}: {error}", "check its address, and whether it runs") from None


@contextlib.contextmanager
def _dask_client(url: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise DataError("dask.distributed is not installed", "pip install 'walkfolio[dask]'") from None
    where = url.removeprefix("dask://")
    with _reached(url):
        client = Client(f"tcp://{where}" if where else None)
    try:
        yield client
    finally:
        client.close()


def _on_dask(client: Any, work: Work, numbers: list[int], options: Options) -> Iterator[list[Part]]:
    from distributed import as_completed

    # As a task, not scattered: what a lost worker held is then made again.
    sent = client.submit(_same, work, pure=False)
    tasks = options.cut(numbers, len(client.scheduler_info(n_workers=-1)["workers"]))
    waiting = [client.submit(_do, sent, some, retries=options.retries, pure=False) for some in tasks]
    try:
        for done in as_completed(waiting):
            yield done.result()
    finally:
        client.cancel(waiting)


def _on_ray(url: str, work: Work, numbers: list[int], options: Options) -> Iterator[list[Part]]:
    try:
        import ray
    except ImportError:
        raise DataError("ray is not installed", "pip install 'walkfolio[ray]'") from None
    began = not ray.is_initialized()
    if began:
        where = url if url.removeprefix("ray://").removeprefix("ray") else None
        with _reached(url):
            ray.init(address=where, log_to_driver=False)
    try:
        sent = ray.put(work)
        task = ray.remote(_do).options(max_retries=options.retries)
        workers = int(ray.cluster_resources().get("CPU", 1))
        waiting = [task.remote(sent, some) for some in options.cut(numbers, workers)]
        try:
            while waiting:
                ready, waiting = ray.wait(waiting)
                for done in ready:
                    try:
                        yield ray.get(done)
                    except ray.exceptions.RayTaskError as error:
                        # What went wrong in a worker, without the trace that Ray wraps it in.
                        raise error.cause if isinstance(error.cause, WalkfolioError) else error from None
        finally:
            for each in waiting:
                ray.cancel(each, force=True)
    finally:
        if began:
            ray.shutdown()
