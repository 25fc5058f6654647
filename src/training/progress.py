"""A one-line progress bar on stderr."""

from __future__ import annotations

import sys
import time


class Progress:
    def __init__(self, title: str, total: int):
        self._title, self._total, self._done, self._start = title, total, 0, time.monotonic()

    def step(self, note: str = "") -> None:
        self._done += 1
        elapsed = time.monotonic() - self._start
        left = elapsed / self._done * (self._total - self._done)
        filled = 24 * self._done // self._total
        bar = "#" * filled + "." * (24 - filled)
        sys.stderr.write(f"\r{self._title} [{bar}] {self._done}/{self._total} {elapsed:4.0f} s, {left:4.0f} s left  {note}\x1b[K")
        sys.stderr.flush()

    def close(self) -> None:
        sys.stderr.write("\n")
