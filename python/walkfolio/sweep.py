"""Sweeps: the cells of a grid on the threads of this machine, a pool of processes, Dask or Ray.

A sweep is cut into batches of neighbouring cells. A batch is run by any worker, any number of times, with the same
bits; what it leaves is written under the cell's number by rename, so that nothing is lost or there twice. The grid that
is put together has the bits of one that was run at once.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from . import _native
from ._data import Data
from ._progress import progress as _progress
from .errors import DataError, RunError
from .run import Grid, prepared
from .study import Study

__all__ = ["assemble", "run_cells", "sweep"]

Part = tuple[int, bytes]


def _name(cell: int) -> str:
    return f"cell-{cell:06d}.json"


def _batch(study: Study, data: Data, build: str, cells: list[int]) -> list[Part]:
    """What a worker does: run some cells, and give what each leaves."""
    if _native.build() != build:
        what = f"a worker has build {_native.build()}, the sweep {build}"
        raise RunError(what, "install the same version of walkfolio everywhere")
    import tempfile

    with data.folder() as folder, tempfile.TemporaryDirectory(prefix="walkfolio-") as parts:
        _native.run_cells(study._native, folder, cells, parts)
        # A cell with a number that is not finite leaves nothing: it is run where the grid is put together.
        made = [(cell, Path(parts) / _name(cell)) for cell in cells]
        return [(cell, path.read_bytes()) for cell, path in made if path.exists()]


def run_cells(study: Study, cells: list[int], folder: str | os.PathLike[str], **data: Any) -> None:
    """Run some cells of a study's grid, counted from 0, and save each in a folder.

    What is there already is not run again; `assemble` puts the grid together.
    """
    made, found = prepared(study, data)
    with found.folder() as place:
        _native.run_cells(made._native, place, cells, os.fspath(folder))


def assemble(study: Study, folder: str | os.PathLike[str], **data: Any) -> Grid:
    """Put the grid of a study together from the cells in a folder; those that are not there are run."""
    made, found = prepared(study, data)
    with found.folder() as place:
        return Grid(_native.assemble(made._native, place, os.fspath(folder)), found, made)


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
) -> Grid:
    """Run every cell of a study's grid, here or on an engine that you have.

    Parameters
    ----------
    study : Study, str, path or dict
        A study with a ``[grid]``.
    prices : DataFrame or path
        As for `walkfolio.run`, with its other data in ``**data``.
    on : optional
        ``None`` for the threads of this machine, any ``concurrent.futures.Executor``, a Dask ``Client``, or ``"ray"``.
    out : path, optional
        A folder that keeps finished cells: a sweep that was killed and is started again goes on there.
    batch : int, optional
        How many cells a task has; four tasks for each worker by default. A batch should take a second or more.
    retries : int
        How often Dask and Ray try a batch again whose worker was lost.
    progress : bool or callable, optional
        As for `walkfolio.run`, counted in cells.

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
    count = made.cells
    if count == 0:
        raise RunError("the study has no grid", "add [grid], or use walkfolio.run")
    with found.folder() as place, _kept(made, place, out) as folder, _progress(progress) as tell:
        if on is None:
            _native.run_cells(made._native, place, list(range(count)), str(folder), tell)
        else:
            missing = [cell for cell in range(count) if not (folder / _name(cell)).exists()]
            done = count - len(missing)
            for parts in _batches(on, made, found, missing, (batch, retries)):
                for cell, content in parts:
                    _write(folder / _name(cell), content)
                done += len(parts)
                if tell is not None:
                    tell(done, count)
        return Grid(_native.assemble(made._native, place, str(folder)), found, made)


@contextlib.contextmanager
def _kept(study: Study, place: str | None, out: Any) -> Iterator[Path]:
    """Where finished cells are: below a key of study, data and build, or for as long as the call takes."""
    if out is None:
        import tempfile

        with tempfile.TemporaryDirectory(prefix="walkfolio-") as folder:
            yield Path(folder)
        return
    kept = Path(out) / _native.identity(study._native, place)[:16]
    kept.mkdir(parents=True, exist_ok=True)
    yield kept


def _write(path: Path, content: bytes) -> None:
    """Write it whole: what has the name is complete."""
    own = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    own.write_bytes(content)
    os.replace(own, path)


def _batches(
    on: Any, study: Study, data: Data, cells: list[int], options: tuple[int | None, int]
) -> Iterator[list[Part]]:
    import concurrent.futures

    size, retries = options
    build = _native.build()
    if isinstance(on, concurrent.futures.Executor):
        workers = getattr(on, "_max_workers", None) or os.cpu_count() or 1
        tasks = _cut(cells, workers, size)
        waiting = [on.submit(_batch, study, data, build, some) for some in tasks]
        try:
            for done in concurrent.futures.as_completed(waiting):
                yield done.result()
        finally:
            for task in waiting:
                task.cancel()
    elif on == "ray":
        yield from _on_ray(study, data, build, cells, (size, retries))
    elif hasattr(on, "scatter") and hasattr(on, "submit"):
        yield from _on_dask(on, study, data, build, cells, (size, retries))
    else:
        hint = "None, an Executor of concurrent.futures, a Client of dask.distributed, or 'ray'"
        raise DataError(f"a sweep does not run on {type(on).__name__}", hint)


def _cut(cells: list[int], workers: int, size: int | None) -> list[list[int]]:
    """Neighbouring cells together: they share most of their settings, and so their estimates."""
    each = size or max(1, -(-len(cells) // (4 * max(1, workers))))
    return [cells[start : start + each] for start in range(0, len(cells), each)]


def _same(data: Data) -> Data:
    """What the workers share."""
    return data


def _on_dask(
    client: Any, study: Study, data: Data, build: str, cells: list[int], options: tuple[int | None, int]
) -> Iterator[list[Part]]:
    from distributed import as_completed

    size, retries = options
    # As a task, not scattered: what a lost worker held is then made again.
    sent = client.submit(_same, data, pure=False)
    tasks = _cut(cells, len(client.scheduler_info()["workers"]), size)
    waiting = [client.submit(_batch, study, sent, build, some, retries=retries, pure=False) for some in tasks]
    try:
        for done in as_completed(waiting):
            yield done.result()
    finally:
        client.cancel(waiting)


def _on_ray(
    study: Study, data: Data, build: str, cells: list[int], options: tuple[int | None, int]
) -> Iterator[list[Part]]:
    try:
        import ray
    except ImportError:
        raise DataError("ray is not installed", "pip install 'walkfolio[ray]'") from None
    size, retries = options
    if not ray.is_initialized():
        ray.init(log_to_driver=False)
    sent = ray.put(data)
    task = ray.remote(_batch).options(max_retries=retries)
    workers = int(ray.cluster_resources().get("CPU", 1))
    waiting = [task.remote(study, sent, build, some) for some in _cut(cells, workers, size)]
    while waiting:
        ready, waiting = ray.wait(waiting)
        for done in ready:
            yield ray.get(done)
