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


def grouped_folds(targets: np.ndarray, groups: list[str], count: int = 5, seed: int = 0) -> np.ndarray:
    """Folds for multi-hot `targets` that keep a group (patient) in one fold and spread rare labels evenly.

    Greedy: groups in order of their rarest label (ties shuffled by `seed`); each goes to the fold that has the least of its
    labels so far, weighted by rarity, then to the smallest one.
    """
    names = sorted(set(groups))
    members = {name: [] for name in names}
    for row, name in enumerate(groups):
        members[name].append(row)
    weight = 1.0 / np.maximum(targets.sum(0), 1)
    sums = {name: targets[rows].sum(0) for name, rows in members.items()}
    shuffled = [names[i] for i in np.random.RandomState(seed).permutation(len(names))]
    shuffled.sort(key=lambda name: -float((weight * (sums[name] > 0)).max()))
    have, size = np.zeros((count, targets.shape[1])), np.zeros(count)
    result = np.empty(len(groups), dtype=np.int64)
    for name in shuffled:
        load = (have * weight * (sums[name] > 0)).sum(1)
        fold = int(np.lexsort((size, np.round(load, 9)))[0])
        result[members[name]] = fold
        have[fold] += sums[name]
        size[fold] += len(members[name])
    return result
