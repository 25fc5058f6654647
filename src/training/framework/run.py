"""Trains and scores the systems of a size; the jobs of all systems share a few worker processes of one thread each.

    run.py quick|paper [SYSTEM …] [--workers N]     all jobs that are not done yet, then scores, exports and the scoreboard
    run.py scoreboard                               the table again from the finished results
    run.py job SIZE SYSTEM JOB                      one job, in this process (to look into one)

A system's module offers:
    prepare(recipe, place)          optional: windows cut once, before any job
    jobs(recipe) -> [name, …]       independent trainings, the dearest first
    train(job, recipe, place)       one of them; leaves its scores and network under place.job(job)
    score(recipe, place)            exports (place.models), pictures, and results.write(…) for every split
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor

import torch

from framework import place, recipe, scoreboard


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=[*recipe.SIZES, "scoreboard", "job"])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--workers", type=int, default=int(os.environ.get("ECG_WORKERS", "0")))
    options = parser.parse_args()
    if options.what == "job":
        return job(*options.names)
    status = 0
    if options.what != "scoreboard":
        workers = options.workers or (1 if torch.cuda.is_available() else max(1, os.cpu_count() or 1))
        status = run(options.what, options.names or recipe.names(), workers)
    print(scoreboard.write(place.default("quick", "").work))
    return status


def run(size: str, systems: list[str], workers: int) -> int:
    recipes = [recipe.load(name, size) for name in systems]
    start = time.monotonic()
    if workers > 1:
        os.environ["ECG_PROGRESS_LINES"] = "1"
    queue = [(size, item.name, name) for item in recipes for name in item.code().jobs(item)]
    # Forked, so that PyTorch is loaded once; nothing was computed here yet. CUDA does not outlive a fork.
    context = multiprocessing.get_context("spawn" if torch.cuda.is_available() else "fork")
    with ProcessPoolExecutor(workers, context) as pool:
        # One after the other, as two systems may cut the same windows; then all trainings; then all scores.
        good = [pool.submit(_guarded, size, item.name, "prepare").result() for item in recipes]
        good += pool.map(_guarded, *zip(*queue))
        good += pool.map(_guarded, *zip(*((size, item.name, "score") for item in recipes)))
    print(f"{size}: {len(queue)} jobs, {good.count(False)} failed, {time.monotonic() - start:.0f} s with {workers} workers")
    return 0 if all(good) else 1


def _guarded(size: str, system: str, name: str) -> bool:
    """A job whose failure stops no other."""
    began = time.monotonic()
    try:
        job(size, system, name)
    except Exception:
        traceback.print_exc()
        print(f"{system} {name}: FAILED after {time.monotonic() - began:.0f} s", flush=True)
        return False
    print(f"{system} {name}: done, {time.monotonic() - began:.0f} s", flush=True)
    return True


def job(size: str, system: str, name: str) -> int:
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    item = recipe.load(system, size)
    where, code = place.default(size, system), item.code()
    if name == "prepare":
        getattr(code, "prepare", lambda *_: None)(item, where)
    elif name == "score":
        code.score(item, where)
    else:
        done = where.job(name) / "done"
        if not done.exists():
            code.train(name, item, where)
            done.touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
