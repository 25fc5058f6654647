"""What a stretch of RR intervals looks like; `RrStatistics.cs` measures the same."""

from __future__ import annotations

import numpy as np

INTERVALS = 32
LEAST = 12
NAMES = (
    "least_change", "change", "change_rms", "change_upper", "spread", "large_changes", "small_changes",
    "sample_entropy", "alike", "turning_points", "correlation_1", "correlation_2", "skew", "interval",
)  # fmt: skip
_ALIKE = 0.08  # of the median interval


def measure(intervals: np.ndarray) -> np.ndarray:
    """[windows, n] intervals in ms, newest first, LEAST to INTERVALS of them, to [windows, len(NAMES)]."""
    x = np.asarray(intervals, dtype=np.float64)
    n = x.shape[1]
    ordered = np.sort(x, axis=1)
    middle = _middle(ordered)
    u = x / middle[:, None]
    ordered = ordered / middle[:, None]
    change = np.abs(u[:, 1:] - u[:, :-1])
    first = np.sort(change, axis=1)
    least = np.minimum(_middle(first), np.minimum(_middle(np.sort(np.abs(u[:, 2:] - u[:, :-2]), axis=1)), _middle(np.sort(np.abs(u[:, 3:] - u[:, :-3]), axis=1))))
    near, near_twice = np.zeros(len(x)), np.zeros(len(x))
    for lag in range(1, n):
        close = np.abs(u[:, lag:] - u[:, :-lag]) < _ALIKE
        near += close.sum(1)
        near_twice += (close[:, 1:] & close[:, :-1]).sum(1)
    pairs = n * (n - 1) / 2
    off = np.clip(u - 1, -0.3, 0.3)
    power = (off**2).sum(1) + 1e-4 * n
    upper, lower = ordered[:, n * 9 // 10] - 1, 1 - ordered[:, n // 10]
    columns = (
        np.log(least + 0.01),
        np.log(_middle(first) + 0.01),
        np.log(np.sqrt(np.mean(np.minimum(change, 0.5) ** 2, axis=1)) + 0.01),
        np.log(first[:, (n - 1) * 3 // 4] + 0.01),
        np.log(ordered[:, n * 3 // 4] - ordered[:, n // 4] + 0.01),
        np.mean(change > 0.1, axis=1),
        np.mean(change < 0.03, axis=1),
        -np.log((near_twice + 1) / (near + 1)),
        np.log((near + 1) / (pairs + 1)),
        np.mean((u[:, 1:-1] - u[:, :-2]) * (u[:, 1:-1] - u[:, 2:]) > 0, axis=1),
        (off[:, 1:] * off[:, :-1]).sum(1) / power,
        (off[:, 2:] * off[:, :-2]).sum(1) / power,
        (upper - lower) / (upper + lower + 0.02),
        np.log(middle / 800),
    )
    return np.stack(columns, axis=1)


def of_every_beat(seconds: np.ndarray, longest: float) -> np.ndarray:
    """[beats, len(NAMES)] after each beat, of the last INTERVALS intervals; NaN while there are fewer than LEAST. Longer ones than `longest` count for nothing."""
    gaps = np.diff(seconds) > longest
    intervals = 1000 * np.diff(seconds)[~gaps]
    rows = np.full((len(intervals), len(NAMES)), np.nan)
    for count in range(LEAST, min(INTERVALS, len(intervals) + 1)):
        rows[count - 1] = measure(intervals[np.newaxis, :count][:, ::-1])[0]
    if len(intervals) >= INTERVALS:
        windows = np.lib.stride_tricks.sliding_window_view(intervals, INTERVALS)[:, ::-1]
        for begin in range(0, len(windows), 20_000):
            rows[INTERVALS - 1 + begin : INTERVALS - 1 + begin + 20_000] = measure(windows[begin : begin + 20_000])
    known = np.cumsum(np.concatenate([[False], ~gaps])) - 1  # the newest interval that each beat knows
    return np.where(known[:, None] >= 0, rows[np.maximum(known, 0)], np.nan) if len(rows) else np.full((len(seconds), len(NAMES)), np.nan)


def _middle(ordered: np.ndarray) -> np.ndarray:
    n = ordered.shape[1]
    return ordered[:, n // 2] if n % 2 else (ordered[:, n // 2 - 1] + ordered[:, n // 2]) / 2
