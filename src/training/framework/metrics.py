"""Scores of probabilities, as `ecgeval score` defines them, with percentile bootstrap intervals over rows.

abs_sum    sum over classes of |one-hot - probability|, mean over rows (0 best, 2 worst); the contest prints the sum over all rows
accuracy   share of rows whose largest probability is that of the truth (first one on ties)
macro_f1   mean of the classes' F1 over the classes that occur in the truth or in the answers
micro_f1   F1 of the pooled counts; with one label a row it equals the accuracy
"""

from __future__ import annotations

import numpy as np

SAMPLES, SEED = 1000, 0


def abs_sum(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Of each row; scores [rows, classes], labels [rows]."""
    truth = np.eye(scores.shape[1])[labels]
    return np.abs(truth - scores.astype(np.float64)).sum(1)


def confusion(predicted: np.ndarray, labels: np.ndarray, classes: int, weights: np.ndarray | None = None) -> np.ndarray:
    """[truth, answer]."""
    return np.bincount(labels * classes + predicted, weights, classes * classes).reshape(classes, classes)


def macro_f1(matrix: np.ndarray) -> float:
    truth, answer, hit = matrix.sum(1), matrix.sum(0), np.diag(matrix)
    seen = truth + answer > 0
    return float((2 * hit[seen] / (truth + answer)[seen]).mean())


def per_class_f1(matrix: np.ndarray) -> list[float | None]:
    both = matrix.sum(1) + matrix.sum(0)
    return [float(2 * hit / total) if total > 0 else None for hit, total in zip(np.diag(matrix), both)]


def single_label(scores: np.ndarray, labels: np.ndarray) -> dict:
    """All metrics of a one-label task: {name: {value, low, high}}."""
    classes = scores.shape[1]
    distance, predicted = abs_sum(scores, labels), scores.argmax(1)
    hit = (predicted == labels).astype(np.float64)

    def all_of(weights: np.ndarray) -> list[float]:
        total = weights.sum()
        accuracy = float((hit * weights).sum() / total)
        return [float((distance * weights).sum() / total), accuracy, macro_f1(confusion(predicted, labels, classes, weights)), accuracy]

    return with_intervals(("abs_sum", "accuracy", "macro_f1", "micro_f1"), all_of, len(labels))


def with_intervals(names, of_weights, rows: int, groups: np.ndarray | None = None) -> dict:
    """Values and 95 % bootstrap intervals; `of_weights` gets how often each row was drawn. `groups`: draw whole groups (records)."""
    generator = np.random.default_rng(SEED)
    values = of_weights(np.ones(rows))
    inverse = np.arange(rows) if groups is None else np.unique(groups, return_inverse=True)[1]
    units = int(inverse.max()) + 1
    drawn = []
    for _ in range(SAMPLES):
        counts = np.bincount(generator.integers(units, size=units), minlength=units)
        drawn.append(of_weights(counts[inverse].astype(np.float64)))
    low, high = np.percentile(np.asarray(drawn), [2.5, 97.5], axis=0)
    return {name: {"value": values[i], "low": float(low[i]), "high": float(high[i])} for i, name in enumerate(names)}
