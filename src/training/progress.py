"""A one-line progress bar on stderr; whole lines, one each quarter of a minute, where several jobs share it or nobody looks on."""

from __future__ import annotations

import os
import sys
import time

LINE_EVERY_S = 15.0


class Progress:
    def __init__(self, title: str, total: int):
        self._title, self._total, self._done, self._start = title, total, 0, time.monotonic()
        self._live = sys.stderr.isatty() and "ECG_PROGRESS_LINES" not in os.environ
        self._shown = self._start

    def step(self, note: str = "") -> None:
        self._done += 1
        now = time.monotonic()
        elapsed = now - self._start
        left = elapsed / self._done * (self._total - self._done)
        filled = 24 * self._done // self._total
        bar = "#" * filled + "." * (24 - filled)
        text = f"{self._title} [{bar}] {self._done}/{self._total} {elapsed:4.0f} s, {left:4.0f} s left  {note}"
        if self._live:
            sys.stderr.write(f"\r{text}\x1b[K")
        elif self._done == self._total or now - self._shown > LINE_EVERY_S:
            self._shown = now
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def close(self) -> None:
        if self._live:
            sys.stderr.write("\n")
