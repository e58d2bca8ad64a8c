"""Sweeps: a grid, or the moved and resampled backtests of one study, on this machine, a pool, Dask or Ray.

A sweep is cut into batches of neighbouring parts. A batch is run by any worker, any number of times, with the same
bits; what a part leaves is written under its number, whole, so that nothing is lost or there twice. What is put
together has the bits of a run at once.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import _native
from ._data import Data
from ._engines import Options, Part, batches
from ._places import Folder, Place, place, writing
from ._progress import progress as _progress
from ._run import Grid, Run, prepared, wrapped
from .errors import RunError
from .study import Study

__all__ = ["assemble", "run_cells", "sweep"]


Tell = Callable[[int, int], object]


def _name(number: int) -> str:
    return f"cell-{number:06d}.json"


@dataclass
class Parts:
    """What a worker does with some numbers: makes these parts of a study, and gives what each leaves.

    Where the place is one that a worker reaches itself, it writes there, and nothing comes back but the numbers.
    """

    study: Study
    data: Data
    key: str
    build: str
    place: Place | None = None

    def check(self) -> None:
        """Refuse to work with another build than the driver's."""
        if _native.build() != self.build:
            what = f"a worker has build {_native.build()}, the sweep {self.build}"
            raise RunError(what, "install the same version of walkfolio everywhere")

    def __call__(self, numbers: list[int]) -> list[Part]:
        self.check()
        with writing():
            market = self.market()
            folder = tempfile.TemporaryDirectory(prefix="walkfolio-")
        with folder:
            _native.run_parts(self.study._native, market.loaded, numbers, folder.name)
            # A part with a number that is not finite leaves nothing: it is made where the whole is put together.
            made = [(number, Path(folder.name) / _name(number)) for number in numbers]
            found = [(number, path.read_bytes()) for number, path in made if path.exists()]
        if self.place is None:
            return list(found)
        for number, content in found:
            self.place.write(_name(number), content)
        return [(number, None) for number, _ in found]

    def market(self) -> Market:
        """The market, which a process reads once; it must be that of the sweep."""
        with _lock:
            if self.key not in _held:
                _held.clear()
                _held[self.key] = Market.of(self)
            return _held[self.key]


@dataclass
class Market:
    """A market that was read, and the folder of its files, which is there as long as this is."""

    loaded: _native.Loaded
    folder: contextlib.ExitStack

    @classmethod
    def of(cls, parts: Parts) -> Market:
        """That of a sweep."""
        folder = contextlib.ExitStack()
        files = folder.enter_context(parts.data.folder())
        loaded = _native.load(parts.study._native, files)
        if _native.identity(parts.study._native, loaded) != parts.key:
            what = "a worker reads other data than the sweep"
            raise RunError(what, "give prices as a table, or a folder that every worker reaches")
        return cls(loaded, folder)


# The market of the last sweep that this process worked on.
_held: dict[str, Market] = {}
_lock = threading.Lock()


def run_cells(study: Study, cells: list[int], folder: str | os.PathLike[str], **data: Any) -> None:
    """Make some parts of a sweep by hand, counted from 0, and save each in a folder.

    They are the cells of a grid, or the moved and resampled backtests of ``[robustness]``. What is there already is
    not made again; `assemble` puts the whole together.
    """
    made, found = prepared(study, data)
    with found.folder() as files:
        _native.run_parts(made._native, _native.load(made._native, files), cells, os.fspath(folder))


def assemble(study: Study, folder: str | os.PathLike[str], **data: Any) -> Grid | Run:
    """Put a sweep together from its parts in a folder; those that are not there are made."""
    made, found = prepared(study, data)
    with found.folder() as files:
        loaded = _native.load(made._native, files)
        return wrapped(_native.assemble(made._native, loaded, os.fspath(folder)), found, made)


def sweep(
    study: Any,
    prices: Any = None,
    *,
    on: Any = None,
    out: str | os.PathLike[str] | None = None,
    batch: int | None = None,
    retries: int = 3,
    progress: bool | Callable[[int, int], object] | None = None,
    **data: Any,
) -> Any:
    """Run a grid, or the moved and resampled backtests of a study, here or on an engine that you have.

    Parameters
    ----------
    study : Study, str, path or dict
        A study with a ``[grid]``, or with ``[robustness]``.
    prices : DataFrame or path
        As for `walkfolio.run`, with its other data in ``**data``. A table is sent to the workers; files are read by
        each worker, in a folder that all of them reach.
    on : optional
        ``None`` for the threads of this machine, any ``concurrent.futures.Executor``, a Dask ``Client``, ``"ray"``, or
        the address of a cluster: ``"ray://host:10001"``, ``"dask://host:8786"``.
    out : path, optional
        Where finished parts are kept, below a key of study, data and build: a sweep that was killed and is started
        again goes on there. A folder, or a path such as ``s3://bucket/sweeps`` (with fsspec), to which the workers
        write themselves. The tables of the whole are written next to them, as Parquet.
    batch : int, optional
        How many parts a task has; by default four tasks for each worker, but none of less than a second.
    retries : int
        How often Dask and Ray try a batch again whose worker was lost.
    progress : bool or callable, optional
        As for `walkfolio.run`, counted in parts.

    Returns
    -------
    Grid or Run
        With the bits of `walkfolio.run`.

    Examples
    --------
    >>> import walkfolio as wf
    >>> prices = wf.data.sample(["SPY", "GLD", "QQQ"])
    >>> study = {"objective": wf.TrackingError(window=252), "every": "year",
    ...          "grid": {"allocate.bounds.max": [0.5, 0.6, 0.7]}}
    >>> len(wf.sweep(study, prices, benchmark="SPY"))
    3

    """
    made, found = prepared(study, {"prices": prices, **data})
    with found.folder() as files, _progress(progress) as tell:
        loaded = _native.load(made._native, files)
        count = _native.parts(made._native, loaded)
        if count == 0:
            raise RunError("the study has no grid and no [robustness]", "add one, or use walkfolio.run")
        key = _native.identity(made._native, loaded)
        with place(out, key[:16]) as kept:
            if on is None and kept.shared:
                # What is made here is kept as it is made, too.
                on = concurrent.futures.ThreadPoolExecutor(1)
            if on is not None:
                parts = Parts(made, found, key, _native.build(), kept if kept.shared else None)
                _spread(on, parts, kept, count, (batch, retries, tell))
            with kept.local() as folder:
                whole = _native.assemble(made._native, loaded, os.fspath(folder), tell if on is None else None)
            if out is not None:
                for name, content in whole.tables():
                    kept.write(name, content)
                kept.write("run.json", whole.manifest().encode())
        return wrapped(whole, found, made)


def parts_into(
    study: Path, overrides: list[str], data: Path | None, to: tuple[str, Path, str | None], tell: Tell
) -> None:
    """Make the parts of a study's file on a cluster, into a folder: what ``walkfolio run --on`` calls."""
    on, into, build = to
    if build is not None and build != _native.build():
        what = f"the package walkfolio has build {_native.build()}, the program {build}"
        raise RunError(what, "install the wheel of the same version")
    made, found = prepared(Study(study)._with(overrides), {"data": None if data is None else data.absolute()})
    loaded = _native.load(made._native, found.place)
    key = _native.identity(made._native, loaded)
    count = _native.parts(made._native, loaded)
    _spread(on, Parts(made, found, key, _native.build()), Folder(into), count, (None, 3, tell))


def _spread(on: Any, parts: Parts, kept: Place, count: int, options: tuple[int | None, int, Tell | None]) -> None:
    """Make the parts that are not there on an engine, and keep each."""
    batch, retries, tell = options
    there = kept.names()
    missing = [number for number in range(count) if _name(number) not in there]
    done = count - len(missing)
    for made in _made(on, parts, missing, (batch, retries)):
        for number, content in made:
            if content is not None:
                kept.write(_name(number), content)
        done += len(made)
        if tell is not None:
            tell(done, count)


def _made(on: Any, parts: Parts, missing: list[int], options: tuple[int | None, int]) -> Iterator[list[Part]]:
    batch, retries = options
    seconds = 0.0
    if batch is None and missing:
        # The first one is made here: it says how long a part takes, and what is wrong with the study.
        start = time.perf_counter()
        yield parts(missing[:1])
        seconds, missing = time.perf_counter() - start, missing[1:]
    if missing:
        yield from batches(on, parts, missing, Options(batch, seconds, retries))
