"""Progress of long calls: a bar of tqdm where it is installed, or the caller's function."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any


@contextlib.contextmanager
def progress(wanted: Any) -> Iterator[Callable[[int, int], object] | None]:
    """What is told of the work: `done, all`."""
    if not wanted:
        yield None
    elif callable(wanted):
        yield wanted
    else:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            yield _lines
            return
        with tqdm(total=0) as bar:

            def tell(done: int, every: int) -> None:
                bar.total, bar.n = every, done
                bar.refresh()

            yield tell


def _lines(done: int, every: int) -> None:
    print(f"\r{done} of {every}", end="" if done < every else "\n", flush=True)
