"""What is done to probabilities after the networks; the same rules and order as the daemon's cards."""

from __future__ import annotations

import numpy as np


def snap(scores: np.ndarray, low: float, high: float) -> np.ndarray:
    """Below `low` becomes 0, above `high` 1; nothing is renormalised (S1)."""
    return np.where(scores < np.float32(low), 0.0, np.where(scores > np.float32(high), 1.0, scores)).astype(np.float32)


def mean(scores: list[np.ndarray]) -> np.ndarray:
    return np.mean(np.asarray(scores, dtype=np.float64), axis=0).astype(np.float32)


def ordered(scores: np.ndarray, order: list[int], threshold: float) -> np.ndarray:
    """The first class of `order` above the threshold makes the row its one-hot; no such class leaves the row (S2)."""
    result = scores.copy()
    open_rows = np.ones(len(scores), dtype=bool)
    for kind in order:
        chosen = open_rows & (scores[:, kind] > np.float32(threshold))
        result[chosen] = 0.0
        result[chosen, kind] = 1.0
        open_rows &= ~chosen
    return result


def temper(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Logits divided by the temperature: below 1 sharpens."""
    logits = np.log(np.maximum(scores.astype(np.float64), 1e-38)) / temperature
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return (powers / powers.sum(1, keepdims=True)).astype(np.float32)
