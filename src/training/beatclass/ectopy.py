"""Frequent atrial ectopic beats made up from sinus intervals and couplings: bigeminy, runs, and hearts most of whose beats are ectopic.

In DS1 ectopic atrial beats are rare in nearly every patient, so a network learns that what is usual in a patient is normal. Where most beats are ectopic the usual
interval is theirs, and the sinus beats are those that come late. Only the features of the intervals are made up; the shapes are those of real beats of the same class.
"""

from __future__ import annotations

import numpy as np
import torch

from . import order

LATE_SECONDS = 1.4
NAMES = (
    "pre_ratio", "post_ratio", "pre_pre_ratio", "post_pre_ratio", "pre_long_ratio", "median_long_ratio", "pre_seconds", "post_seconds", "median_seconds",
    "irregularity_8", "irregularity_32", "pre_rank", "next_late", "known", "last_pre_ratio", "pre_surprise", "pre_long_surprise", "pre_upper_ratio",
    "post_upper_ratio", "least_pre_ratio", *order.NAMES,
)  # fmt: skip


class EctopicRhythms:
    """Described beats of made-up rhythms, as the daemon describes them; sinus beats and ectopic ones apart."""

    def __init__(self, names: list[str], seed: int, rhythms: int = 60, beats: int = 160):
        generator = np.random.default_rng(seed)
        self.columns = torch.tensor([names.index(name) for name in NAMES])
        self.surprises = [names.index(name) for name in names if name.startswith("p_surprise")]
        sinus, ectopic = [], []
        for _ in range(rhythms):
            intervals, labels = _rhythm(generator, beats)
            for index in range(40, beats - 1):
                (ectopic if labels[index] else sinus).append((_describe(intervals, index), intervals[index - 32 : index]))
        self.sinus, self.ectopic = _with_order(sinus), _with_order(ectopic)

    def put(self, features: torch.Tensor, targets: torch.Tensor, share_sinus: float, share_ectopic: float, generator: torch.Generator) -> None:
        """Replaces the interval features of some N and S beats, in place."""
        for target, share, pool in ((0, share_sinus, self.sinus), (1, share_ectopic, self.ectopic)):
            rows = ((torch.rand(len(targets), generator=generator) < share) & (targets == target)).nonzero()[:, 0]
            picked = pool[torch.randint(len(pool), (len(rows),), generator=generator)]
            features[rows[:, None], self.columns[None]] = picked
            for column in self.surprises:
                features[rows, column] += 0.5 * torch.randn(len(rows), generator=generator)


def _rhythm(generator: np.random.Generator, beats: int) -> tuple[np.ndarray, np.ndarray]:
    """Intervals before each beat in seconds, and which beats are ectopic."""
    sinus = generator.uniform(0.7, 1.5)
    coupling = generator.uniform(0.45, 0.78) * sinus
    begin, go_on = generator.uniform(0.1, 0.7), generator.uniform(0.0, 0.9)
    pause = generator.uniform(0.9, 1.3)
    intervals, labels, last = np.empty(beats), np.zeros(beats, dtype=bool), False
    for index in range(beats):
        labels[index] = generator.random() < (go_on if last else begin)
        expected = coupling if labels[index] else sinus * (pause if last else 1.0)
        intervals[index] = np.clip(expected * np.exp(0.04 * generator.standard_normal()), 0.25, 3.0)
        last = labels[index]
    return intervals, labels


def _with_order(beats: list[tuple[list[float], np.ndarray]]) -> torch.Tensor:
    """The features of `NAMES`, those of the order behind the others."""
    described = torch.tensor(np.array([beat for beat, _ in beats]), dtype=torch.float32)
    ratios = {name.removeprefix("ordered_"): described[:, NAMES.index(name.removeprefix("ordered_"))] for name in order.NAMES if name.startswith("ordered_")}
    made = order.describe_order(torch.tensor(np.array([earlier for _, earlier in beats]), dtype=torch.float32), ratios)
    return torch.cat([described, torch.stack([made[name] for name in order.NAMES], 1)], 1)


def _describe(intervals: np.ndarray, index: int) -> list[float]:
    earlier = intervals[max(0, index - 32) : index]
    pre, post = intervals[index], intervals[index + 1]
    late, post = post > LATE_SECONDS, min(post, LATE_SECONDS)
    few, mean = np.median(earlier[-8:]), intervals[:index].mean()
    upper = np.sort(earlier)[min(len(earlier) - 1, len(earlier) * 4 // 5)]
    steps = np.abs(np.diff(np.log(earlier)))
    ratios = [np.log(intervals[at] / np.median(intervals[max(0, at - 8) : at])) for at in range(max(1, index - 16), index)]
    ratio, calm = np.log(pre / few), steps.mean() + 0.03
    return [
        ratio, np.log(post / few), np.log(pre / earlier[-1]), np.log(post / pre), np.log(pre / mean), np.log(few / mean), pre, post, few, steps[-7:].mean(), steps.mean(),
        (earlier < pre).mean(), float(late), 1.0, ratios[-1], np.clip(ratio / calm, -4, 4), np.clip(np.log(pre / mean) / calm, -4, 4), np.log(pre / upper),
        np.log(post / upper), min(0.0, min(ratios)),
    ]  # fmt: skip
