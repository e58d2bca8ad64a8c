"""A sweep in a process that tests kill, or whose disk they fill: `driver.py ADDRESS OUT [LIMIT]`.

It says how far it is, line by line. After the first batch no file may be longer than LIMIT bytes, as on a full disk.
"""

from __future__ import annotations

import resource
import sys

from sweeps import SWEEP, sample

import walkfolio as wf


def tell(done, every):
    print(done, every, flush=True)
    if len(sys.argv) > 3:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))


if __name__ == "__main__":
    try:
        wf.sweep(SWEEP, sample(), benchmark="SPY", on=sys.argv[1], out=sys.argv[2], batch=2, progress=tell)
    except wf.RunError as error:
        sys.exit(f"{error.message}\n{error.hint}")
