"""Figures of merit with bootstrap intervals, calibration, and thresholds; all on out-of-fold scores."""

from __future__ import annotations

import numpy as np

from framework.metrics import confusion, macro_f1, with_intervals


def roc_auc(score: np.ndarray, label: np.ndarray, weights: np.ndarray | None = None) -> float:
    """The share of (true, false) pairs in the right order; ties count half. NaN without a pair."""
    weights = np.ones(len(score)) if weights is None else weights
    values, place = np.unique(score, return_inverse=True)
    true = np.bincount(place, weights * (label > 0), len(values))
    false = np.bincount(place, weights * (label <= 0), len(values))
    pairs = true.sum() * false.sum()
    return float((true * (np.cumsum(false) - 0.5 * false)).sum() / pairs) if pairs > 0 else float("nan")


def two_class(scores: np.ndarray, labels: np.ndarray, rows: np.ndarray | None = None) -> dict:
    """Accuracy, macro F1 and ROC AUC of [rows, 2] probabilities; `rows` limits them to those scored."""
    chosen = slice(None) if rows is None else rows
    scores, labels = scores[chosen], labels[chosen]
    predicted = scores.argmax(1)
    hit = (predicted == labels).astype(np.float64)

    def all_of(weights):
        return [
            float((hit * weights).sum() / weights.sum()),
            macro_f1(confusion(predicted, labels, 2, weights)),
            roc_auc(scores[:, 1], labels, weights),
        ]

    return with_intervals(("accuracy", "macro_f1", "roc_auc"), all_of, len(labels))


def f1(predicted: np.ndarray, truth: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Per column of boolean [rows, labels]; 0 where there is neither a true nor a predicted row."""
    weights = np.ones(len(truth)) if weights is None else weights
    both = weights @ (predicted & truth)
    return 2 * both / np.maximum(weights @ predicted + weights @ truth, 1e-9)


def best_threshold(score: np.ndarray, truth: np.ndarray) -> float:
    """Of the highest F1, smoothed so that one lucky record does not decide: the median of the thresholds within 0.02 of it."""
    grid = np.linspace(0.05, 0.95, 91)
    values = np.asarray([f1((score >= level)[:, None], truth[:, None])[0] for level in grid])
    return round(float(np.median(grid[values >= values.max() - 0.02])), 2)


def thresholds(scores: np.ndarray, truth: np.ndarray) -> np.ndarray:
    return np.asarray([best_threshold(scores[:, column], truth[:, column]) for column in range(truth.shape[1])])


def cross_fitted(scores: np.ndarray, truth: np.ndarray, fold_of: np.ndarray) -> np.ndarray:
    """Decisions for each record by thresholds chosen on the other folds' records."""
    decided = np.zeros_like(truth)
    for fold in np.unique(fold_of):
        level = thresholds(scores[fold_of != fold], truth[fold_of != fold])
        decided[fold_of == fold] = scores[fold_of == fold] >= level
    return decided


def multi_label(scores: np.ndarray, truth: np.ndarray, decided: np.ndarray) -> dict:
    """Macro and micro F1 of the decisions and the mean ROC AUC, of [rows, labels]; truth and decided boolean."""

    def all_of(weights):
        hit, said, there = (weights @ (decided & truth)).sum(), (weights @ decided).sum(), (weights @ truth).sum()
        areas = [roc_auc(scores[:, column], truth[:, column], weights) for column in range(truth.shape[1])]
        return [float(f1(decided, truth, weights).mean()), float(2 * hit / (said + there)), float(np.nanmean(areas))]

    return with_intervals(("macro_f1", "micro_f1", "roc_auc"), all_of, len(truth))


def binary_calibration(score: np.ndarray, truth: np.ndarray, bins: int = 10) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error of one probability, and (mean score, share true, rows) of each bin that has rows."""
    which = np.minimum((score * bins).astype(int), bins - 1)
    points = [(float(score[which == b].mean()), float(truth[which == b].mean()), int((which == b).sum())) for b in range(bins) if (which == b).any()]
    return float(sum(abs(said - seen) * rows for said, seen, rows in points) / len(score)), points


def sigmoid_temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """Of the lowest log loss over all labels of [members, rows, labels] logits, the members' probabilities averaged."""
    grid = np.geomspace(0.3, 3.0, 93)
    losses = []
    for temperature in grid:
        score = np.clip((1 / (1 + np.exp(-logits / temperature))).mean(0), 1e-7, 1 - 1e-7)
        losses.append(-np.where(truth, np.log(score), np.log(1 - score)).mean())
    return round(float(grid[int(np.argmin(losses))]), 3)
