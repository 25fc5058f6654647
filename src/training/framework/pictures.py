"""The three pictures of every run: loss curve, class distribution, one waveform per class."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import numpy as np  # noqa: E402
from matplotlib import pyplot  # noqa: E402


def loss_curve(curves: dict[str, list[float]], path: Path, title: str) -> None:
    figure, axes = pyplot.subplots(figsize=(7, 4))
    for name, values in curves.items():
        axes.plot(range(1, len(values) + 1), values, marker="." if len(values) < 60 else None, label=name)
    axes.set(xlabel="epoch", ylabel="training loss", title=title)
    axes.grid(alpha=0.3)
    if len(curves) > 1:
        axes.legend(fontsize="small")
    _write(figure, path)


def class_distribution(counts: dict[str, dict[str, int]], path: Path, title: str) -> None:
    """counts: data name -> class -> rows."""
    figure, panels = pyplot.subplots(1, len(counts), figsize=(4 * len(counts) + 1, 4), squeeze=False)
    for axes, (name, classes) in zip(panels[0], counts.items()):
        bars = axes.bar(list(classes), list(classes.values()), color="tab:blue")
        axes.bar_label(bars, labels=[f"{count:,}" for count in classes.values()], fontsize="small")
        axes.set(title=name, ylabel="rows")
        axes.margins(y=0.12)
    figure.suptitle(title)
    _write(figure, path)


def waveforms(examples: dict[str, np.ndarray], rate_hz: float, path: Path, title: str, unit: str) -> None:
    """One signal [samples] per class."""
    figure, panels = pyplot.subplots(len(examples), 1, figsize=(7, 1.7 * len(examples) + 0.6), sharex=True, squeeze=False)
    for axes, (name, signal) in zip(panels[:, 0], examples.items()):
        axes.plot(np.arange(len(signal)) / rate_hz, signal, linewidth=1)
        axes.set_ylabel(f"{name}\n{unit}")
        axes.grid(alpha=0.3)
    panels[-1, 0].set_xlabel("s")
    figure.suptitle(title)
    _write(figure, path)


def _write(figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
