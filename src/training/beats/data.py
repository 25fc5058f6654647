"""Beats in the Tianchi format: 205 values in [0, 1] at 125 Hz from the R peak on, zeros behind.

The real rows are read as they are. The large set is cut from MIT-BIH just as the daemon cuts live beats (step `cut`, kind `rr`):

    mV at 500 Hz -> causal 0.5-40 Hz stream -> from the R peak (largest deflection within 60 ms of the annotation) on, round(1.2 x median
    of the last 8 RR intervals, the one before the beat included) samples, 820 at most -> every 4th -> min-max to 0..1 -> zeros up to 205
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scipy import signal

from beats.wfdb import read
from datasets import data_root
from dsp import SOURCE_RATE_HZ, band_pass_sections, quantize, run_steps, stream_filter
from framework import place

SAMPLES, RATE_HZ = 205, 125
RR_SHARE, RR_MEDIAN_OF = 1.2, 8
LONGEST = SAMPLES * SOURCE_RATE_HZ // RATE_HZ
PEAK_REACH = SOURCE_RATE_HZ * 6 // 100  # as the daemon looks for the peak
FILTER_DELAY = 6  # of a QRS complex in the daemon's stream, samples
WINDOW_STEPS = [
    {"step": "cut", "kind": "rr", "share": RR_SHARE, "medianOf": RR_MEDIAN_OF},
    {"step": "decimate", "factor": 4, "offset": 0},
    {"step": "minmax", "low": 0, "high": 1},
    {"step": "pad", "samples": SAMPLES, "value": 0},
]  # fmt: skip

DS1 = "101 106 108 109 112 114 115 116 118 119 122 124 201 203 205 207 208 209 215 220 223 230".split()
DS2 = "100 103 105 111 113 117 121 123 200 202 210 212 213 214 219 221 222 228 231 232 233 234".split()
MIT_CLASSES = ("N", "S", "V", "F", "Q")
TIANCHI_CLASSES = ("label_0", "label_1", "label_2", "label_3")


@dataclass(frozen=True)
class Beats:
    signals: torch.Tensor  # float32 [rows, 205]
    labels: np.ndarray  # int64
    records: np.ndarray  # name of the record of each row

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows) -> "Beats":
        return Beats(self.signals[torch.as_tensor(rows)], self.labels[rows], self.records[rows])


def tianchi() -> Beats:
    """The 1,009 real labelled rows that are to be had; each row its own record."""
    with open(data_root() / "tianchi-heartbeat-subset" / "train.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    signals = np.asarray([[float(value) for value in row["heartbeat_signals"].split(",")] for row in rows], dtype=np.float32)
    return Beats(torch.from_numpy(signals), np.asarray([int(float(row["label"])) for row in rows]), np.asarray([row["id"] for row in rows]))


def mit(folder: Path) -> tuple[Beats, Beats]:
    """(DS1, DS2) of MIT-BIH, paced records out, cut once into `folder`."""
    path = folder / "mit-beats.pt"
    if not path.exists():
        parts = [_cut_records(names) for names in (DS1, DS2)]
        place.save([(beats.signals, beats.labels, beats.records) for beats in parts], path)
    return tuple(Beats(*part) for part in torch.load(path))


def _cut_records(names: list[str]) -> Beats:
    signals, labels, records = [], [], []
    for name in names:
        record = read(data_root() / "mitdb" / name)
        lead = record.leads.index("MLII") if "MLII" in record.leads else 0
        cut, kept = cut_record(record.millivolts[lead], record.rate_hz, record.positions)
        signals.append(cut)
        labels.append([MIT_CLASSES.index(letter) for letter in record.classes[kept]])
        records += [name] * len(cut)
    return Beats(torch.from_numpy(np.concatenate(signals)), np.concatenate(labels), np.asarray(records))


def cut_record(millivolts: np.ndarray, rate_hz: float, annotated: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """([beats, 205] float32, which of the annotated beats they are): those with an RR interval before and a whole cut behind."""
    up, down = (SOURCE_RATE_HZ, int(rate_hz)) if SOURCE_RATE_HZ % int(rate_hz) else (SOURCE_RATE_HZ // int(rate_hz), 1)
    at_500 = quantize(signal.resample_poly(millivolts, up, down)[np.newaxis])
    stream = stream_filter(at_500, band_pass_sections())[0].astype(np.float32)
    peaks = r_peaks(stream, np.rint(annotated * SOURCE_RATE_HZ / rate_hz).astype(np.int64) + FILTER_DELAY)
    return cut_beats(stream, peaks)


def r_peaks(stream: np.ndarray, middles: np.ndarray) -> np.ndarray:
    """The largest deflection within 60 ms of each complex's middle, the first of equals."""
    peaks = []
    for middle in middles:
        begin = max(0, int(middle) - PEAK_REACH)
        peaks.append(begin + int(np.argmax(np.abs(stream[begin : int(middle) + PEAK_REACH + 1]))) if begin < len(stream) else int(middle))
    return np.asarray(peaks)


def cut_lengths(peaks: np.ndarray) -> np.ndarray:
    """Samples at 500 Hz to cut from each peak on; 0 for the first, which has no RR interval yet. Causal."""
    intervals = np.diff(peaks)
    lengths = [0]
    for index in range(1, len(peaks)):
        median = np.median(intervals[max(0, index - RR_MEDIAN_OF) : index])
        lengths.append(min(int(np.rint(RR_SHARE * median)), LONGEST))
    return np.asarray(lengths)


def cut_beats(stream: np.ndarray, peaks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows, kept = [], []
    for index, (peak, length) in enumerate(zip(peaks, cut_lengths(peaks))):
        if length >= 4 and peak + length <= len(stream):
            rows.append(run_steps(stream[np.newaxis, peak : peak + length], WINDOW_STEPS[1:])[0])
            kept.append(index)
    return np.stack(rows), np.asarray(kept)


def sampled(beats: Beats, rows: int | None, seed: int) -> np.ndarray:
    """Indices of `rows` random beats in their order (all where there are fewer, or None): keeps the classes' shares."""
    if not rows or rows >= len(beats):
        return np.arange(len(beats))
    return np.sort(np.random.default_rng(seed).choice(len(beats), rows, replace=False))
