"""``python -m walkfolio parts STUDY --on ray://... --into DIR``: what ``walkfolio run --on`` calls.

Makes the parts of a study on a cluster and writes each into a folder, where the program that called puts the run
together. What is done is said line by line, as ``done all``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ._sweep import parts_into
from .errors import WalkfolioError


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says, and give its exit code."""
    parser = argparse.ArgumentParser("python -m walkfolio", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    parts = commands.add_parser("parts", help="make the parts of a sweep on a cluster")
    parts.add_argument("study", type=Path)
    parts.add_argument("--on", required=True, metavar="URL")
    parts.add_argument("--into", required=True, type=Path, metavar="DIR")
    parts.add_argument("--data", type=Path, metavar="DIR")
    parts.add_argument("--build", metavar="HASH")
    parts.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    given = parser.parse_args(arguments)
    try:
        parts_into(given.study, given.set, given.data, (given.on, given.into, given.build), _tell)
    except WalkfolioError as error:
        print(f"error: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"hint: {error.hint}", file=sys.stderr)
        return 1
    return 0


def _tell(done: int, every: int) -> None:
    print(done, every, flush=True)


if __name__ == "__main__":
    sys.exit(main())
