"""Filtered windows at 125 Hz, in the several ways in which a stream can bring a record to the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dsp import LEADS, WINDOW_SAMPLES, stream_filter

FACTOR = 4
SAMPLES = WINDOW_SAMPLES // FACTOR
INPUT_LEADS = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
PRE_ROLL = 2500
LATE_STARTS = 2


@dataclass(frozen=True)
class Views:
    """Several views of each record. View 0 is the scored one: the first window of a session."""

    data: np.ndarray  # float32 mV [records, views, leads, SAMPLES]
    begin: np.ndarray  # int64 [records, views]: samples before it belong to no session


def first_window(millivolts: np.ndarray) -> np.ndarray:
    """The window of a session that begins with the record: what the daemon scores first."""
    return stream_filter(millivolts[:, :WINDOW_SAMPLES])[:, ::FACTOR].astype(np.float32)


def mid_stream_window(millivolts: np.ndarray, phase: int = 0) -> np.ndarray:
    """The window of a session long under way: the filter has settled on 5 s put before (point reflection)."""
    data = millivolts[:, :WINDOW_SAMPLES]
    before = 2.0 * data[:, :1] - data[:, PRE_ROLL:0:-1]
    return stream_filter(np.hstack([before, data]))[:, PRE_ROLL + phase :: FACTOR].astype(np.float32)


def late_start_window(millivolts: np.ndarray, start: int) -> np.ndarray:
    """A session that begins `start` samples into the record, so that its transient sits elsewhere in the beat."""
    late = stream_filter(millivolts[:, start:WINDOW_SAMPLES])[:, ::FACTOR].astype(np.float32)
    return np.pad(late, ((0, 0), (SAMPLES - late.shape[1], 0)))


def build(records, seed: int, leads: tuple[str, ...] | None = INPUT_LEADS, latest_start: int = 220) -> Views:
    """Views of all records; late starts and decimation phases are drawn from `seed`."""
    rng = np.random.default_rng(seed)
    data, begin = [], []
    for record in records:
        chosen = record.millivolts if leads is None else record.millivolts[[LEADS.index(name) for name in leads]]
        views = [first_window(chosen), mid_stream_window(chosen, int(rng.integers(FACTOR)))]
        starts = [0, 0]
        for _ in range(LATE_STARTS):
            start = int(rng.integers(50, latest_start))
            views.append(late_start_window(chosen, FACTOR * start + int(rng.integers(FACTOR))))
            starts.append(start + 1)
        data.append(np.stack(views))
        begin.append(starts)
    return Views(np.stack(data), np.asarray(begin))
