"""Sensitivity and positive predictivity as EC57 counts them, and the choice of the class weights."""

from __future__ import annotations

import numpy as np

N, S, V, F = range(4)
LEAST_BEATS = 10
LEAST = 1e-12
FEW_BEATS = 50  # of a class in a record, above which a sensitivity under a half is told
LEVELS = {"vebSe": 92.0, "vebPp": 92.0, "svebSe": 85.0, "svebPp": 75.0}  # what is to be reached on patients not seen, in percent


def decide(scores: np.ndarray, log_weights: np.ndarray) -> np.ndarray:
    """The daemon's rule: abnormal when S + V + F reach a half, then the most probable of them."""
    weighted = np.maximum(scores, LEAST) * np.exp(log_weights)
    ectopic = weighted[:, 1:]
    return np.where(ectopic.sum(1) >= weighted[:, N], 1 + ectopic.argmax(1), N)


def figures(targets: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """A fusion beat taken for a ventricular one is no false positive."""

    def share(hit, of):
        return 100.0 * hit / of if of else float("nan")

    v_true, s_true = targets == V, targets == S
    v_hit, s_hit = (v_true & (predicted == V)).sum(), (s_true & (predicted == S)).sum()
    return {
        "vebSe": share(v_hit, v_true.sum()),
        "vebPp": share(v_hit, v_hit + ((predicted == V) & ~v_true & (targets != F)).sum()),
        "svebSe": share(s_hit, s_true.sum()),
        "svebPp": share(s_hit, (predicted == S).sum()),
    }


def patient_sensitivity(targets: np.ndarray, predicted: np.ndarray, record: np.ndarray) -> float:
    """Mean sensitivity to S over the patients who have ten S beats or more."""
    found = [(predicted[(record == index) & (targets == S)] == S).mean() for index in np.unique(record) if ((record == index) & (targets == S)).sum() >= LEAST_BEATS]
    return 100.0 * float(np.mean(found)) if found else float("nan")


def choose_weights(scores: np.ndarray, targets: np.ndarray, database: np.ndarray) -> np.ndarray:
    """
    Logarithms of weights per class that bring the worse figure of V and the worse one of S nearest to their levels, on scores of networks that had not seen the patient;
    each database has the same say, however many beats it has.
    """
    best = (-1.0, np.zeros(4))
    parts = [(scores[database == number], targets[database == number]) for number in np.unique(database)]
    for s in np.arange(-4.0, 2.01, 0.25):
        for v in np.arange(-3.0, 2.01, 0.25):
            weights, value = np.array([0.0, s, v, -1.5]), 0.0
            for mine, truth in parts:
                found = {name: figure / LEVELS[name] for name, figure in figures(truth, decide(mine, weights)).items()}
                value += min(found["vebSe"], found["vebPp"]) + min(found["svebSe"], found["svebPp"])
            if value > best[0]:
                best = (value, weights)
    return best[1]


def missed_records(targets: np.ndarray, predicted: np.ndarray, record: np.ndarray, names: list[str]) -> list[str]:
    """Records of which less than half of more than 50 beats of a class were found."""
    told = []
    for code, letter in ((S, "S"), (V, "V")):
        for index in np.unique(record):
            chosen = (record == index) & (targets == code)
            if chosen.sum() > FEW_BEATS and (predicted[chosen] == code).mean() < 0.5:
                told.append(f"{names[index]}: {letter} {(predicted[chosen] == code).sum()} of {chosen.sum()}")
    return told
