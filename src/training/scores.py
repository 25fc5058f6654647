"""Figures of merit and their bootstrap intervals, on out-of-fold scores."""

from __future__ import annotations

import numpy as np

BOOTSTRAPS = 1000


def roc_auc(score: np.ndarray, label: np.ndarray) -> float:
    """The share of (true, false) pairs in the right order; ties count half."""
    order = np.argsort(score, kind="stable")
    ordered = score[order]
    first = np.searchsorted(ordered, ordered, "left")
    last = np.searchsorted(ordered, ordered, "right")
    rank = np.empty(len(score))
    rank[order] = (first + last + 1) / 2
    positives = label.sum()
    negatives = len(label) - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    return float((rank[label > 0].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def f1(predicted: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Per column; 0 where there is neither a true nor a predicted row."""
    both = (predicted & truth).sum(0)
    return 2 * both / np.maximum(predicted.sum(0) + truth.sum(0), 1)


def best_threshold(score: np.ndarray, truth: np.ndarray) -> float:
    """The threshold of the highest F1, smoothed so that a single lucky record does not decide: the middle of the plateau
    of thresholds whose F1 is within 0.02 of the best."""
    grid = np.linspace(0.05, 0.95, 91)
    values = np.asarray([f1((score >= level)[:, None], truth[:, None])[0] for level in grid])
    good = grid[values >= values.max() - 0.02]
    return round(float(np.median(good)), 2)


def thresholds(scores: np.ndarray, truth: np.ndarray) -> np.ndarray:
    return np.asarray([best_threshold(scores[:, column], truth[:, column]) for column in range(truth.shape[1])])


def cross_fitted(scores: np.ndarray, truth: np.ndarray, fold_of: np.ndarray) -> np.ndarray:
    """Decisions of each record by thresholds chosen on the records of the other folds."""
    decided = np.zeros_like(truth)
    for fold in range(fold_of.max() + 1):
        level = thresholds(scores[fold_of != fold], truth[fold_of != fold])
        decided[fold_of == fold] = scores[fold_of == fold] >= level
    return decided


def interval(statistic, count: int, seed: int = 0, rounds: int = BOOTSTRAPS) -> list[float]:
    """95 % percentile bootstrap over records; `statistic` takes row numbers."""
    rng = np.random.default_rng(seed)
    values = [statistic(rng.integers(count, size=count)) for _ in range(rounds)]
    return [float(bound) for bound in np.nanpercentile(values, [2.5, 97.5])]


def multi_label(scores: np.ndarray, truth: np.ndarray, fold_of: np.ndarray) -> dict:
    decided = cross_fitted(scores, truth, fold_of)
    count = len(truth)
    areas = [roc_auc(scores[:, column], truth[:, column]) for column in range(truth.shape[1])]
    return {
        "macro_f1": float(f1(decided, truth).mean()),
        "macro_f1_interval": interval(lambda rows: f1(decided[rows], truth[rows]).mean(), count),
        "micro_f1": float(f1(decided.ravel(), truth.ravel())),
        "micro_f1_interval": interval(lambda rows: f1(decided[rows].ravel(), truth[rows].ravel()), count),
        "f1": f1(decided, truth).tolist(),
        "f1_at_half": f1(scores >= 0.5, truth).tolist(),
        "roc_auc": areas,
        "macro_roc_auc": float(np.mean(areas)),
        "macro_roc_auc_interval": interval(
            lambda rows: np.nanmean([roc_auc(scores[rows, c], truth[rows, c]) for c in range(truth.shape[1])]), count, rounds=200
        ),
        "support": truth.sum(0).tolist(),
        "predicted": decided.sum(0).tolist(),
        "thresholds": thresholds(scores, truth).tolist(),
    }
