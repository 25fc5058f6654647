"""Stratified folds with the semantics of scikit-learn's StratifiedKFold(n, shuffle=True, random_state=seed).

Written out so that the split needs no further package and can be read: labels are numbered in order of first
appearance, each fold gets its share of each class from the sorted labels, and the fold numbers of each class
are shuffled by NumPy's legacy generator, one class after the other.
"""

from __future__ import annotations

import numpy as np


def stratified_folds(labels: np.ndarray, count: int = 5, seed: int = 0) -> np.ndarray:
    """The fold number (0 .. count-1) in which each record is scored."""
    labels = np.asarray(labels)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    encoded = rank[inverse]
    classes = len(first)
    order = np.sort(encoded)
    allocation = np.asarray([np.bincount(order[fold::count], minlength=classes) for fold in range(count)])
    generator = np.random.RandomState(seed)
    result = np.empty(len(labels), dtype=np.int64)
    for index in range(classes):
        numbers = np.arange(count).repeat(allocation[:, index])
        generator.shuffle(numbers)
        result[encoded == index] = numbers
    return result
