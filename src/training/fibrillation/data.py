"""Beats and rhythms of the long annotated recordings: no signal, 24 h a patient."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from beats.wfdb import AAMI

SETS = {"ltafdb": "atr", "nsr2db": "ecg", "nsrdb": "atr"}  # folder -> annotator
RHYTHM = 28
LONGEST_SECONDS = 3.0  # a longer interval is a stretch that nobody annotated

_SKIP, _AUX = 59, 63


@dataclass(frozen=True)
class Patient:
    set: str
    name: str
    seconds: np.ndarray  # of the beats
    fibrillates: np.ndarray  # bool, of each beat: atrial fibrillation or flutter is annotated
    episodes: np.ndarray  # [n, 2] seconds: begin and end of each annotated fibrillation
    annotated_from: float  # seconds: of what is before the first rhythm annotation nobody said anything


def load(folder: Path) -> list[Patient]:
    """Every patient of `folder`/SET, in the order of the names."""
    return [_read(name, stem, annotator) for name, annotator in SETS.items() for stem in sorted((folder / name).glob("*.hea"))]


def _read(name: str, header: Path, annotator: str) -> Patient:
    rate = float(header.read_text().split("\n", 1)[0].split()[2].split("/")[0])
    positions, codes, texts = annotations(header.with_suffix("." + annotator))
    beat = np.isin(codes, list(AAMI))
    changes = [(positions[index], text.startswith("(AF")) for index, text in sorted(texts.items()) if codes[index] == RHYTHM]
    begins = np.asarray([at for at, _ in changes] or [0])
    fibrillates = np.asarray([on for _, on in changes] or [False])
    at = np.searchsorted(begins, positions[beat], side="right") - 1
    ends = np.append(begins[1:], positions[-1])
    joined: list[list[float]] = []
    for begin, end, on in zip(begins / rate, ends / rate, fibrillates):
        if on and joined and joined[-1][1] == begin:
            joined[-1][1] = end  # fibrillation that turns to flutter is one episode
        elif on:
            joined.append([begin, end])
    return Patient(name, header.stem, positions[beat] / rate, (at >= 0) & fibrillates[at], np.asarray(joined).reshape(-1, 2), begins[0] / rate)


def annotations(path: Path) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    """Positions in samples and codes of all annotations of a file in the MIT format, and the text of those that have one, by index."""
    words = np.fromfile(path, dtype="<u2").astype(np.int64)
    codes, steps = words >> 10, words & 0x3FF
    own, texts, free = np.ones(len(words), dtype=bool), {}, 0
    for index in np.flatnonzero(codes >= _SKIP):
        if index < free:
            continue  # inside what the word before carries
        length = 2 if codes[index] == _SKIP else (steps[index] + 1) // 2 if codes[index] == _AUX else 0
        if codes[index] == _AUX:
            texts[index] = words[index + 1 : index + 1 + length].astype("<u2").tobytes()[: steps[index]].decode("latin-1").rstrip("\0")
        if codes[index] == _SKIP:  # a 32-bit interval, high word first
            interval = (words[index + 1] << 16) | words[index + 2]
            steps[index] = interval - (1 << 32) if interval >= 1 << 31 else interval
        else:
            steps[index] = 0
        own[index : index + 1 + length] = False
        steps[index + 1 : index + 1 + length] = 0
        free = index + 1 + length
    end = np.flatnonzero(own & (words == 0))
    end = end[0] if len(end) else len(words)
    numbers = np.cumsum(own) - 1  # a text belongs to the annotation before it
    return np.cumsum(steps)[:end][own[:end]], codes[:end][own[:end]], {int(numbers[at]): text for at, text in texts.items() if at < end}
