"""Golden vectors of the beat cut and of every beat card that is cut so; synthetic signals only."""

from __future__ import annotations

import json

import numpy as np
from scipy import signal

from beats import data
from beats.served import ServedBeatModel
from dsp import LEADS, run_steps, stream_filter
from export import MODELS
from synthetic import twelve_lead

LEAD = "II"
STREAMS = (("beats-sinus", "sinus", 14.0, 11), ("beats-af", "af", 14.0, 12))


def entries(writer) -> dict:
    """The manifest's `beatCuts` and `beatScores`."""
    cuts, windows = [], []
    for name, rhythm, seconds, seed in STREAMS:
        stream = stream_filter(twelve_lead(seconds, seed, rhythm, 10.0))[LEADS.index(LEAD)].astype(np.float32)
        height = np.abs(stream)
        peaks = signal.find_peaks(height, height=0.4 * height.max(), distance=100)[0]
        rows, kept = data.cut_beats(stream, peaks)
        lengths = data.cut_lengths(peaks)
        cuts.append({
            "name": name, "stream": writer.array(f"{name}-stream", stream[np.newaxis]), "peaks": peaks.tolist(), "steps": data.WINDOW_STEPS,
            "lengths": lengths.tolist(), "kept": kept.tolist(), "expected": writer.array(f"{name}-cut", rows),
        })  # fmt: skip
        windows += [(f"{name}-{index}", rows[index]) for index in (0, len(rows) // 2, len(rows) - 1)]
    flat = np.full((1, 400), 0.125, dtype=np.float32)  # an electrode that fell off: everything must stay finite
    windows.append(("beats-flat", run_steps(flat, data.WINDOW_STEPS[1:])[0]))
    return {"beatCuts": cuts, "beatScores": [entry for folder in _cards() for entry in _scores(writer, folder, windows)]}


def _cards():
    for path in sorted([*MODELS.glob("*/card.json"), *MODELS.glob("optional/*/card.json")]):
        card = json.loads(path.read_text())
        if card["task"] == "beat" and card["preprocessing"]["window"] == data.WINDOW_STEPS:
            yield path.parent


def _scores(writer, folder, windows):
    model = ServedBeatModel(folder)
    for name, window in windows:
        yield {
            "model": folder.name,
            "modelSha256": model.card["provenance"]["sha256"],
            "memberSha256": [member.card["provenance"]["sha256"] for member in model.members],
            "input": writer.array(name, window[np.newaxis]),
            "features": None,
            "expected": [float(score) for score in model(window[np.newaxis, np.newaxis])[0]],
        }
