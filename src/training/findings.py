"""What the 12-lead sets' codes mean: `twelve_labels.csv` maps every SCP, SNOMED CT and CPSC code that occurs in them.

Column `labels` holds the twelve labels of the AIWIN contest ("+" joins two, empty says nothing about them, as "sinus
rhythm" of PTB-XL does), column `finding` the finer findings that pre-training tells apart. A code that is not in the
table stops the reader: nothing is dropped unseen.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

FINDINGS = (
    "normal", "af", "flutter", "av_block", "rbbb", "irbbb", "lbbb", "fascicular", "pvc", "pac", "st_change", "st_elevation",
    "t_change", "infarction", "lvh", "brady", "tachy", "sinus_arrhythmia", "axis", "long_qt", "low_voltage", "ivcd", "svt",
    "pace", "atrial_enlargement",
)  # fmt: skip

TWELVE = (
    "normal", "sinus_bradycardia", "sinus_tachycardia", "sinus_arrhythmia", "atrial_fibrillation", "pvc", "pac",
    "first_degree_av_block", "complete_rbbb", "t_wave_change", "st_change", "other",
)  # fmt: skip

TABLE = Path(__file__).resolve().parent / "twelve_labels.csv"


def _read_table() -> tuple[dict, dict]:
    labels, findings = {}, {}
    with open(TABLE, newline="") as file:
        for row in csv.DictReader(file):
            key = row["system"], row["code"]
            if key in labels:
                raise ValueError(f"{TABLE.name}: {key} twice")
            labels[key] = tuple(name for name in row["labels"].split("+") if name)
            findings[key] = row["finding"] or None
            if not set(labels[key]) <= set(TWELVE) or findings[key] not in (None, *FINDINGS):
                raise ValueError(f"{TABLE.name}: {key} has a name that is not known")
    return labels, findings


_LABELS, _FINDINGS = _read_table()


def findings_of(codes: list[tuple[str, str]]) -> np.ndarray:
    """Multi-hot over FINDINGS of (system, code) pairs; KeyError for a code that the table does not hold."""
    return _multi_hot((_FINDINGS[code] for code in codes), FINDINGS)


def twelve_of(codes: list[tuple[str, str]]) -> np.ndarray:
    """Multi-hot over TWELVE. "normal" stands alone, as in the contest: a coded abnormality takes it away."""
    target = _multi_hot((name for code in codes for name in _LABELS[code]), TWELVE)
    if target[1:].any():
        target[0] = 0.0
    return target


def _multi_hot(names, order: tuple[str, ...]) -> np.ndarray:
    target = np.zeros(len(order), dtype=np.float32)
    for name in names:
        if name is not None:
            target[order.index(name)] = 1.0
    return target
