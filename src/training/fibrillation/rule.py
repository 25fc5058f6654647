"""The alarm by intervals alone, as `RrIrregularity` and `AtrialFibrillationRule` decide it, over whole recordings."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from .data import Patient

# Four sets of the last three were looked at on the held-out scores of all folds (README.md, "Intervals").
MOST_LOG_ODDS, SMOOTHING_BEATS, BEGINS, ENDS = 4.0, 48.0, 1.75, -0.75
ONSET_BEATS = 32  # by which the onset that the alarm states lies before its decision
LEAST_SECONDS = 30.0


def told(patient: Patient, odds: np.ndarray, beats=SMOOTHING_BEATS, begins=BEGINS, ends=ENDS) -> np.ndarray:
    """[n, 2] seconds: onset as the alarm states it, and end."""
    known = np.flatnonzero(~np.isnan(odds))
    if not len(known):
        return np.zeros((0, 2))
    seconds, odds = patient.seconds[known], np.clip(odds[known], -MOST_LOG_ODDS, MOST_LOG_ODDS)
    smooth = lfilter([1 / beats], [1, 1 / beats - 1], odds, zi=[odds[0] * (1 - 1 / beats)])[0]
    says = np.where(smooth >= begins, 1, np.where(smooth < ends, 0, -1))
    says[0] = max(says[0], 0)
    last = np.maximum.accumulate(np.where(says >= 0, np.arange(len(says)), 0))
    turns = np.flatnonzero(np.diff(np.concatenate([[0], says[last], [0]])))
    on, off = turns[::2], turns[1::2]
    onset = seconds[np.maximum(on - ONSET_BEATS, 0)]
    end = seconds[np.minimum(off, len(seconds) - 1)]
    onset[1:] = np.maximum(onset[1:], end[:-1])
    return np.stack([onset, end], 1)


def compare(patient: Patient, test: np.ndarray) -> np.ndarray:
    """(seconds of reference, of test, of both; reference episodes, found ones, false ones; hours), as `ecgeval episodes --least 30` counts."""
    test = np.maximum(test, patient.annotated_from)
    test = test[test[:, 1] > test[:, 0]]
    long = np.diff(patient.episodes, axis=1)[:, 0] >= LEAST_SECONDS
    reference, short = patient.episodes[long], patient.episodes[~long]
    both, outside = overlap(reference, test), overlap(test, short)
    true = overlap(test, reference) > 0
    return np.asarray([
        np.diff(reference).sum(), np.diff(test).sum() - outside.sum(), both.sum(), len(reference), (both > 0).sum(), (~true & (outside == 0)).sum(),
        (patient.seconds[-1] - patient.annotated_from) / 3600,
    ])  # fmt: skip


def overlap(these: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Seconds that each of these shares with all others, which do not overlap each other."""
    if not len(others):
        return np.zeros(len(these))
    return np.asarray([np.clip(np.minimum(end, others[:, 1]) - np.maximum(begin, others[:, 0]), 0, None).sum() for begin, end in these])


def episode_figures(patients: list[Patient], odds: dict[int, np.ndarray]) -> dict:
    sums: dict[str, np.ndarray] = {}
    for index, patient in enumerate(patients):
        sums[patient.set] = sums.get(patient.set, 0) + compare(patient, told(patient, odds[index]))
    figures = {}
    for name, (reference, test, both, episodes, found, false, hours) in sums.items():
        figures[name] = {"falsePerDay": round(24 * false / hours, 2), "hours": round(hours, 1)}
        if reference:
            figures[name] |= {"durationSe": round(100 * both / reference, 2), "durationPp": round(100 * both / test, 2), "found": int(found), "episodes": int(episodes)}
    return figures
