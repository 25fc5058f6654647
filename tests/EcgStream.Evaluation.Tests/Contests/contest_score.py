"""The figures of `ecgeval score --format tianchi`, computed with numpy: contest_score.py ANSWERS LABELS SEED -> one line of JSON."""

import csv
import json
import sys

import numpy as np

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(value):
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def draws(seed, number, rows):
    state = mix((seed + GOLDEN) & MASK) ^ mix(number + 1)
    picked = []
    for _ in range(rows):
        state = (state + GOLDEN) & MASK
        picked.append(((mix(state) >> 32) * rows) >> 32)
    return np.array(picked)


def figures(truth, answer, error):
    f1, hits, wrong = [], 0, 0
    for label in range(4):
        tp = np.sum((truth == label) & (answer == label))
        other = np.sum((truth == label) ^ (answer == label))
        if tp + other:
            f1.append(2 * tp / (2 * tp + other))
        hits, wrong = hits + tp, wrong + other
    return np.array([error.sum(), error.mean(), np.mean(truth == answer), np.mean(f1), 2 * hits / (2 * hits + wrong)])


with open(sys.argv[2]) as file:
    labels = {row["id"]: int(row["label"]) for row in csv.DictReader(file)}
with open(sys.argv[1]) as file:
    rows = {row["id"]: [float(row[f"label_{i}"]) for i in range(4)] for row in csv.DictReader(file)}
truth = np.array(list(labels.values()))
scores = np.array([rows[name] for name in labels])
error = np.abs(np.eye(4)[truth] - scores).sum(1)
answer = scores.argmax(1)
resamples = np.array([figures(truth[pick], answer[pick], error[pick]) for pick in (draws(int(sys.argv[3]), r, len(truth)) for r in range(2000))])
low, high = np.percentile(resamples, [2.5, 97.5], axis=0)
names = ["absSum", "absSumPerRow", "accuracy", "macroF1", "microF1"]
value = figures(truth, answer, error)
print(json.dumps({name: {"value": value[i], "low": low[i], "high": high[i]} for i, name in enumerate(names)}))
