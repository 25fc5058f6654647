"""Reliability plots: what a model says against what was seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib import pyplot

import framework.pictures  # noqa: F401  (chooses the backend without a display)
from rhythms.measure import binary_calibration


def reliability(score: np.ndarray, truth: np.ndarray, path: Path, title: str) -> float:
    """Writes the plot of one probability and gives its expected calibration error (10 bins)."""
    error, points = binary_calibration(score, truth)
    figure, (above, below) = pyplot.subplots(2, 1, figsize=(5, 6), sharex=True, height_ratios=(3, 1))
    above.plot([0, 1], [0, 1], color="grey", linewidth=1)
    above.plot([p[0] for p in points], [p[1] for p in points], marker="o")
    for said, seen, rows in points:
        above.annotate(str(rows), (said, seen), textcoords="offset points", xytext=(5, -9), fontsize="x-small")
    above.set(ylabel="share true", title=f"{title}\nexpected calibration error {error:.3f}, {len(score):,} records", ylim=(0, 1))
    below.hist(score, bins=20, range=(0, 1), color="tab:blue")
    below.set(xlabel="probability said", ylabel="records", xlim=(0, 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
    return error
