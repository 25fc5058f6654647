"""MIT-BIH records: WFDB format 212 and its annotations, just what a 2-lead record needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

# Annotation codes of the MIT format -> classes of AAMI EC57. Codes not named here (rhythm and signal changes, flutter waves,
# artifacts) are no beats.
AAMI = {
    1: "N", 2: "N", 3: "N", 11: "N", 34: "N", 25: "N",  # N L R j e, bundle branch block of unknown side
    8: "S", 4: "S", 7: "S", 9: "S",  # A a J S
    5: "V", 10: "V",  # V E
    6: "F",
    12: "Q", 38: "Q", 13: "Q",  # / f Q
}  # fmt: skip


@dataclass(frozen=True)
class BeatRecord:
    name: str
    leads: tuple[str, ...]
    millivolts: np.ndarray  # [leads, samples]
    rate_hz: float
    positions: np.ndarray  # of the beats, in samples
    classes: np.ndarray  # letters N S V F Q


def read(stem: Path) -> BeatRecord:
    lines = [line for line in stem.with_suffix(".hea").read_text().splitlines() if line and not line.startswith("#")]
    head = lines[0].split()
    count, rate, samples = int(head[1]), float(head[2].split("/")[0]), int(head[3])
    signals = [line.split() for line in lines[1 : 1 + count]]
    counts = _format_212(stem.with_suffix(".dat"), count, samples)
    gain = np.asarray([float(fields[2].split("(")[0].split("/")[0]) for fields in signals])
    zero = np.asarray([int(fields[4]) for fields in signals])
    positions, codes = _annotations(stem.with_suffix(".atr"))
    beat = np.asarray([code in AAMI for code in codes])
    classes = np.asarray([AAMI[code] for code in codes[beat]])
    return BeatRecord(
        stem.name, tuple(fields[8] for fields in signals), (counts - zero[:, None]) / gain[:, None], rate, positions[beat], classes
    )


def _format_212(path: Path, count: int, samples: int) -> np.ndarray:
    raw = np.fromfile(path, dtype=np.uint8)[: samples * count * 3 // 2].reshape(-1, 3).astype(np.int32)
    first = raw[:, 0] | (raw[:, 1] & 0x0F) << 8
    second = raw[:, 2] | (raw[:, 1] & 0xF0) << 4
    both = np.stack([first, second], 1).ravel()
    return np.where(both > 2047, both - 4096, both).reshape(-1, count).T


def _annotations(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Positions and codes, all annotations in time order."""
    words = np.fromfile(path, dtype="<u2").astype(np.int64)
    positions, codes, at, index = [], [], 0, 0
    while index < len(words) and words[index]:
        code, step = words[index] >> 10, words[index] & 0x3FF
        index += 1
        if code == 59:  # SKIP: a 32-bit interval, high word first
            interval = (words[index] << 16) | words[index + 1]
            at += interval - (1 << 32) if interval >= 1 << 31 else interval
            index += 2
        elif code == 63:  # AUX: text
            index += (step + 1) // 2
        elif code < 59:  # NUM, SUB and CHN carry no time
            at += step
            positions.append(at)
            codes.append(code)
    return np.asarray(positions), np.asarray(codes)
