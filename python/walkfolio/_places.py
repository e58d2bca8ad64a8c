"""Where the parts of a sweep are kept: a folder of this machine, or a path of an object store."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .errors import DataError, RunError

# What a disk says that takes no more.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Say in our words what keeps a file from being written: a full disk, above all."""
    try:
        yield
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        what = f"cannot write{where}: {error.strerror or error}"
        first = "make room" if error.errno in _FULL else "put that right"
        hint = f"{first} and start it again: what is finished is kept where `out` names a place"
        raise RunError(what, hint) from error


class Place(Protocol):
    """Files by name; one that has its name is whole."""

    @property
    def shared(self) -> bool:
        """Whether a worker on another machine writes to it itself."""

    def names(self) -> set[str]:
        """The files that are there."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole, or not at all."""

    def local(self) -> contextlib.AbstractContextManager[Path]:
        """All of them in a folder of this machine, for as long as they are read."""


@dataclass(frozen=True)
class Folder:
    """A folder of this machine."""

    path: Path
    shared: bool = False

    def names(self) -> set[str]:
        return {path.name for path in self.path.iterdir()} if self.path.is_dir() else set()

    def write(self, name: str, content: bytes) -> None:
        own = self.path / f"{name}.{os.getpid()}.tmp"
        with writing():
            self.path.mkdir(parents=True, exist_ok=True)
            try:
                own.write_bytes(content)
                os.replace(own, self.path / name)
            finally:
                own.unlink(missing_ok=True)

    @contextlib.contextmanager
    def local(self) -> Iterator[Path]:
        self.path.mkdir(parents=True, exist_ok=True)
        yield self.path


@dataclass(frozen=True)
class Store:
    """A path of anything that fsspec reaches, such as ``s3://bucket/sweeps``: every worker writes to it itself."""

    url: str
    shared: bool = True

    def _open(self) -> tuple[Any, str]:
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            raise DataError(f"{self.url} is read with fsspec", "pip install 'walkfolio[s3]'") from None
        try:
            found: tuple[Any, str] = url_to_fs(self.url)
        except (ImportError, ValueError) as error:
            raise DataError(f"{self.url} cannot be reached: {error}", "pip install 'walkfolio[s3]'") from None
        return found

    def names(self) -> set[str]:
        files, root = self._open()
        files.invalidate_cache()
        try:
            return {str(path).rpartition("/")[2] for path in files.ls(root, detail=False)}
        except FileNotFoundError:
            return set()

    def write(self, name: str, content: bytes) -> None:
        files, root = self._open()
        # One put: an object store shows an object when all of it is there.
        with writing():
            try:
                files.pipe_file(f"{root}/{name}", content)
            except FileNotFoundError:
                # What has folders wants them made; an object store has none.
                files.makedirs(root, exist_ok=True)
                files.pipe_file(f"{root}/{name}", content)

    @contextlib.contextmanager
    def local(self) -> Iterator[Path]:
        files, root = self._open()
        with tempfile.TemporaryDirectory(prefix="walkfolio-") as folder:
            for name in self.names():
                (Path(folder) / name).write_bytes(files.cat_file(f"{root}/{name}"))
            yield Path(folder)


@contextlib.contextmanager
def place(out: Any, key: str) -> Iterator[Place]:
    """Where the parts of a sweep with this key are kept; without ``out`` for as long as the sweep takes."""
    if out is None:
        with tempfile.TemporaryDirectory(prefix="walkfolio-") as folder:
            yield Folder(Path(folder))
    elif "://" in str(out):
        yield Store(f"{str(out).rstrip('/')}/{key}")
    else:
        yield Folder(Path(out) / key)
