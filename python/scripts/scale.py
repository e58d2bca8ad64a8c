"""What a sweep of a million cells on a thousand workers takes: a simulation of the schedule, checked on this machine.

python scripts/scale.py            the table of the book
python scripts/scale.py --check    simulated against measured on two processes
"""

from __future__ import annotations

import heapq
import random
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Plan:
    """A sweep and the machines that it runs on; seconds and bytes."""

    cells: int
    workers: int
    batch: int
    cell_seconds: float
    data_bytes: float
    result_bytes: float = 60e3
    start_seconds: float = 2.0
    end_seconds: float = 0.0
    load_seconds: float = 0.1
    task_seconds: float = 0.004
    bandwidth: float = 1.25e9
    lost_per_hour: float = 0.02
    notice_seconds: float = 30.0
    slow_share: float = 0.02
    slow_times: float = 3.0
    spread: float = 0.2
    price_hour: float = 0.05


@dataclass(frozen=True)
class Found:
    """What the simulation came to."""

    seconds: float
    busy: float
    lost_batches: int
    bytes_sent: float
    bytes_back: float
    price: float


def simulate(plan: Plan, seed: int = 1) -> Found:
    """Run the schedule: one scheduler hands out batches in order, a lost worker's batch goes back to the queue."""
    draw = random.Random(seed)
    sizes = [min(plan.batch, plan.cells - start) for start in range(0, plan.cells, plan.batch)]
    queue = list(reversed(sizes))
    # The data leave the driver over one line, one worker after the other.
    send = plan.data_bytes / plan.bandwidth
    ready = [(plan.start_seconds + send * (at + 1), at) for at in range(plan.workers)]
    heapq.heapify(ready)
    slow = {at for at in range(plan.workers) if draw.random() < plan.slow_share}
    returned: list[tuple[float, int]] = []
    scheduler = busy = end = 0.0
    lost = 0
    while queue or returned:
        free, worker = heapq.heappop(ready)
        while returned and returned[0][0] <= free:
            queue.append(heapq.heappop(returned)[1])
        if not queue:
            # Only batches whose loss nobody has noticed yet are left.
            heapq.heappush(ready, (max(free, returned[0][0]), worker))
            continue
        size = queue.pop()
        scheduler = max(scheduler, free) + plan.task_seconds
        took = plan.load_seconds + size * plan.cell_seconds * draw.lognormvariate(0.0, plan.spread)
        took *= plan.slow_times if worker in slow else 1.0
        dies = draw.expovariate(plan.lost_per_hour / 3600) if plan.lost_per_hour else float("inf")
        if dies < took:
            lost += 1
            noticed = scheduler + dies + plan.notice_seconds
            heapq.heappush(returned, (noticed, size))
            heapq.heappush(ready, (noticed + plan.start_seconds + send, worker))
            busy += dies
            continue
        busy += took
        end = max(end, scheduler + took)
        heapq.heappush(ready, (scheduler + took, worker))
    back = plan.cells * plan.result_bytes
    end = max(end, back / plan.bandwidth) + plan.end_seconds
    sent = plan.data_bytes * (plan.workers + lost)
    price = plan.workers * end / 3600 * plan.price_hour
    return Found(end, busy / (plan.workers * end), lost, sent, back, price)


def table() -> None:
    """Print the table of the book: 10^6 cells, 10^4 assets."""
    base = Plan(cells=10**6, workers=1000, batch=20, cell_seconds=1.0, data_bytes=10_000 * 2_500 * 8.0)
    rows = [
        ("as planned", base),
        ("batches of 1", replace(base, batch=1)),
        ("batches of 200", replace(base, batch=200)),
        ("a scheduler of 8 ms a task", replace(base, task_seconds=0.008)),
        ("2 workers in 100 lost an hour, ten times", replace(base, lost_per_hour=0.2)),
        ("10 % of the workers at a third of the speed", replace(base, slow_share=0.1)),
        ("a line of 1 Gbit/s", replace(base, bandwidth=1.25e8)),
        ("100 workers", replace(base, workers=100)),
        ("cells of 10 ms, batches of 200", replace(base, cell_seconds=0.01, batch=200)),
    ]
    print("| plan | hours | busy | batches lost | sent | back | price |\n|---|---:|---:|---:|---:|---:|---:|")
    for name, plan in rows:
        found = simulate(plan)
        print(
            f"| {name} | {found.seconds / 3600:.2f} | {100 * found.busy:.0f} % | {found.lost_batches} "
            f"| {found.bytes_sent / 1e9:.0f} GB | {found.bytes_back / 1e9:.0f} GB | {found.price:.0f} $ |",
            flush=True,
        )


def check() -> float:
    """Compare simulated and measured seconds of a small sweep on two processes."""
    import concurrent.futures
    import multiprocessing
    import tempfile

    import walkfolio as wf

    prices = wf.data.sample(["XLE", "XLF", "XLK", "SPY"])
    bounds = [0.5 + 0.002 * step for step in range(48)]
    grid = {"allocate.bounds.max": bounds}
    study = wf.Study({"objective": wf.TrackingError(window=252), "every": "1d", "grid": grid, "benchmark": "SPY"})
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context, initializer=_single) as pool:
        # Workers that have started, so that what is left is the work.
        wf.sweep(study.with_({"grid": {"allocate.bounds.max": bounds[:2]}}), prices, benchmark="SPY", on=pool, batch=1)
        task = pool.submit(_timed, study, prices, list(range(12)))
        cell = task.result() / 12
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            wf.sweep(study, prices, benchmark="SPY", on=pool, batch=6, out=folder)
            measured = time.perf_counter() - start
            # What the driver does besides: it puts the grid together, with its selection bias.
            start = time.perf_counter()
            wf.assemble(study, next(Path(folder).iterdir()), prices=prices, benchmark="SPY")
            own = time.perf_counter() - start
    plan = Plan(48, 2, 6, cell, 160e3, 60e3, 0.0, own, lost_per_hour=0.0, slow_share=0.0, spread=0.05)
    simulated = simulate(plan).seconds
    print(f"a cell {1000 * cell:.0f} ms; simulated {simulated:.2f} s, measured {measured:.2f} s")
    return simulated / measured


def _single() -> None:
    import os

    os.environ["RAYON_NUM_THREADS"] = "1"


def _timed(study: object, prices: object, cells: list[int]) -> float:
    import tempfile

    import walkfolio as wf

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        wf.run_cells(study, cells, folder, prices=prices, benchmark="SPY")  # type: ignore[arg-type]
        return time.perf_counter() - start


if __name__ == "__main__":
    if "--check" in sys.argv:
        check()
    else:
        table()
