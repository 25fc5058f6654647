"""Trains and scores the systems of a size; the jobs of all systems share a few worker processes of one thread each.

    run.py quick|paper [SYSTEM …] [--workers N]     all jobs that are not done yet, then scores, exports and the scoreboard
    run.py scoreboard                               the table again from the finished results
    run.py job SIZE SYSTEM JOB                      one job, in this process (what the workers are)

A system's module offers:
    prepare(recipe, place)          optional: windows cut once, before any job
    jobs(recipe) -> [name, …]       independent trainings, the dearest first
    train(job, recipe, place)       one of them; leaves its scores and network under place.job(job)
    score(recipe, place)            exports (place.models), pictures, and results.write(…) for every split
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import torch

from framework import place, recipe, scoreboard

MODULE = [sys.executable, "-m", "framework.run"]


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
    start, failed = time.monotonic(), []

    def one(system: str, name: str) -> None:
        began = time.monotonic()
        code = subprocess.run([*MODULE, "job", size, system, name], env=os.environ | ({"ECG_PROGRESS_LINES": "1"} if workers > 1 else {})).returncode
        print(f"{system} {name}: {'done' if code == 0 else f'FAILED ({code})'}, {time.monotonic() - began:.0f} s", flush=True)
        if code != 0:
            failed.append(f"{system} {name}")

    for item in recipes:  # one after the other: two systems may cut the same windows
        one(item.name, "prepare")
    queue = [(item.name, name) for item in recipes for name in item.code().jobs(item)]
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda pair: one(*pair), queue))
        list(pool.map(lambda item: one(item.name, "score"), recipes))
    print(f"{size}: {len(queue)} jobs, {len(failed)} failed, {time.monotonic() - start:.0f} s with {workers} workers")
    return 1 if failed else 0


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
