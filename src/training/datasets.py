"""Readers of the reference recordings: each gives records as float64 mV [leads, samples] at 500 Hz."""

from __future__ import annotations

import ast
import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import io as scipy_io
from scipy import signal

from dsp import SOURCE_RATE_HZ, quantize
from findings import findings_of


@dataclass(frozen=True)
class Record:
    name: str
    millivolts: np.ndarray
    target: object  # int class, or float32 multi-hot over FINDINGS
    patient: str = ""
    codes: tuple[tuple[str, str], ...] = ()  # (system, code), as in twelve_labels.csv


def data_root() -> Path:
    return Path(os.environ.get("ECG_DATA", "data"))


def china_2019() -> list[Record]:
    """480 records, 0 normal, 1 abnormal, in the order of reference.txt."""
    folder = data_root() / "china-ecg-2019"
    rows = [line.split() for line in (folder / "reference.txt").read_text().splitlines() if line.strip()]
    return [Record(name, read_mat(folder / "TRAIN" / f"{name}.mat"), int(label)) for name, label in rows]


def read_mat(path: Path) -> np.ndarray:
    """A contest file as its device would have sent it (quantised)."""
    return quantize(scipy_io.loadmat(path)["data"])


def external_twelve_lead() -> list[Record]:
    """PTB-XL and mixed PhysioNet records with findings, for pre-training only; 10 s from each start."""
    return _ptbxl() + _misc()


def without_copies(records: list[Record]) -> tuple[list[Record], list[str]]:
    """Each recording once (the sets hold some of each other's), and one group name for the records of each patient.

    A copy is a record whose first 10 s of leads I and V2 are the same to the microvolt; the first one stays, so PTB-XL's,
    which knows its patient, and patients who own copies of one recording are one group.
    """
    kept, first, owner = [], {}, {}

    def root(name: str) -> str:
        while owner.get(name, name) != name:
            name = owner[name]
        return name

    for record in records:
        shape = np.rint(1000.0 * record.millivolts[[0, 7], : 10 * SOURCE_RATE_HZ]).astype(np.int64)
        key = shape.tobytes()
        if key in first:
            owner[root(record.patient)] = root(first[key].patient)
            continue
        first[key] = record
        kept.append(record)
    return kept, [root(record.patient) for record in kept]


def _ptbxl() -> list[Record]:
    folder = data_root() / "ptbxl-500"
    records = []
    with open(folder / "ptbxl_database.csv", newline="") as file:
        for row in csv.DictReader(file):
            codes = tuple(("SCP", code) for code in ast.literal_eval(row["scp_codes"]))
            stem = folder / row["filename_hr"]
            counts = np.fromfile(f"{stem}.dat", dtype="<i2").reshape(-1, 12).T
            # The header of every PTB-XL record states 1000 LSB per mV, baseline 0.
            records.append(Record(stem.name, counts / 1000.0, findings_of(codes), f"ptbxl-{row['patient_id']}", codes))
    return records


def _misc() -> list[Record]:
    folder = data_root() / "twelve-lead-misc"
    records = []
    with open(folder / "index.csv", newline="") as file:
        for row in csv.DictReader(file):
            if int(row["samples"]) < 10 * SOURCE_RATE_HZ:
                continue
            gain = _header_gain(folder / f"{row['record']}.hea")
            counts = scipy_io.loadmat(folder / f"{row['record']}.mat")["val"].astype(np.float64)
            codes = [("SNOMED", code) for code in row["dx_snomed"].split(",") if code]
            codes += [("CPSC", code.strip()) for code in row["dx_text"].split(",") if code.strip()]
            records.append(Record(row["record"], quantize(counts / gain), findings_of(codes), row["record"], tuple(codes)))
    return records


def _header_gain(path: Path) -> float:
    """LSB per mV of the first signal; the WFDB-MAT files of these sets use one gain for all leads."""
    return float(path.read_text().splitlines()[1].split()[2].split("/")[0].split("(")[0])


def cinc_2017() -> list[Record]:
    """6,814 single-lead records resampled from 300 to 500 Hz, about in the challenge's mix; 0 normal, 1 AF, 2 other, 3 noisy."""
    return _cinc_2017("cinc2017") + _cinc_2017("cinc2017-more")


def _cinc_2017(name_of_set: str) -> list[Record]:
    folder = data_root() / name_of_set
    records = []
    with open(folder / "REFERENCE.csv", newline="") as file:
        for name, label in csv.reader(file):
            gain = _header_gain(folder / f"{name}.hea")
            counts = scipy_io.loadmat(folder / f"{name}.mat")["val"].astype(np.float64)
            at_500 = signal.resample_poly(counts / gain, 5, 3, axis=-1)
            records.append(Record(name, quantize(at_500), "NAO~".index(label)))
    return records
