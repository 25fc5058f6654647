"""Golden vectors: what the daemon's preprocessing and networks must give, to 1e-5 and 1e-4.

All signals are synthetic and seeded. Raw arrays are little-endian, lead-major; `manifest.json` names each file, its
shape and how it was made. Run again after every change of dsp.py, of a card or of a network.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from beatclass import golden as class_golden
from beats import golden as beat_golden
from dsp import LEADS, SOURCE_RATE_HZ, WINDOW_SAMPLES, band_pass_sections, run_steps, stream_filter
from export import MODELS, readable_json
from predict import ShippedModel
from synthetic import twelve_lead

TARGET = Path(__file__).resolve().parents[2] / "tests" / "EcgStream.Inference.Tests" / "Golden"
FLAT_LEAD = "V3"  # an electrode that fell off: every step must stay finite
EIGHT = ["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"]

STEP_CASES = [
    ("decimate", [{"step": "select_leads", "leads": ["II", "V1"]}, {"step": "decimate", "factor": 4, "offset": 0}]),
    ("decimate-offset", [{"step": "select_leads", "leads": ["V5", "I"]}, {"step": "decimate", "factor": 3, "offset": 2}]),
    ("scale-clip", [{"step": "select_leads", "leads": ["aVR", "V2"]}, {"step": "decimate", "factor": 4, "offset": 1},
                    {"step": "scale", "factor": 2.5}, {"step": "clip", "min": -1.0, "max": 0.75}]),
    ("zscore-lead", [{"step": "select_leads", "leads": EIGHT}, {"step": "decimate", "factor": 4, "offset": 0},
                     {"step": "zscore", "axis": "lead", "epsilon": 1e-3}]),
    ("zscore-record", [{"step": "decimate", "factor": 4, "offset": 0}, {"step": "zscore", "axis": "record", "epsilon": 1e-6}]),
]  # fmt: skip


def rhythm_models() -> list[tuple[str, bool]]:
    """(name, served by default) of every rhythm card that is one graph."""
    found = []
    for folder in (MODELS, MODELS / "optional"):
        for path in sorted(folder.glob("*/card.json")):
            card = json.loads(path.read_text())
            if card["task"] == "rhythm" and not card["members"]:
                found.append((card["name"], folder == MODELS))
    return found


class Writer:
    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def array(self, name: str, data: np.ndarray) -> dict:
        file = f"{name}.f32"
        data.astype("<f4").tofile(self.folder / file)
        return {"file": file, "type": "float32-le", "shape": list(data.shape)}


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    writer = Writer(target)
    streams = []
    for name, seconds, seed, offset_mv in (("sinus", 11.0, 1, 60.0), ("af", 10.5, 2, 20.0)):
        raw = twelve_lead(seconds, seed, name, offset_mv)
        raw[LEADS.index(FLAT_LEAD)] = 0.25
        raw = raw.astype(np.float32).astype(np.float64)  # the stream is exactly what the file holds
        filtered = stream_filter(raw)
        ends = [WINDOW_SAMPLES, raw.shape[1]]
        entry = {
            "name": name,
            "raw": writer.array(f"{name}-raw", raw),
            "filtered": writer.array(f"{name}-filtered", filtered),
            "steps": [],
            "scores": [],
        }
        for case, steps in STEP_CASES if name == "sinus" else []:
            result = run_steps(filtered[:, ends[1] - WINDOW_SAMPLES : ends[1]].astype(np.float32), steps)
            entry["steps"].append({"name": case, "windowEnd": ends[1], "steps": steps, "expected": writer.array(f"{name}-{case}", result)})
        for end in ends:
            window = filtered[:, end - WINDOW_SAMPLES : end]
            once = name == "sinus" and end == WINDOW_SAMPLES  # enough for optional models: their windows are large
            entry["scores"] += [_scores(writer, name, end, model, window) for model, default in rhythm_models() if default or once]
        streams.append(entry)
    of_beats = beat_golden.entries(writer)
    of_beats["beatScores"] += class_golden.entries(writer)
    manifest = {
        "layout": "Each array is little-endian, lead-major ([leads, samples]). raw: mV at 500 Hz from the first sample of the "
        "session; III, aVR, aVL and aVF follow from I and II. filtered: the whole stream after `sections`. steps: the card steps run on the 5000 filtered samples that end "
        "before `windowEnd`, all 12 leads in the order of `leads`. scores: `input` is what the card's window steps make of that "
        "window, `expected` the network's output. A single-lead model sees `lead`. beatCuts: the beat steps on one filtered lead (`stream`, mV at 500 Hz) at `peaks` (sample of each R peak); "
        "`lengths` samples each, 0 where there is no RR interval yet; `kept` beats lie whole in the stream, `expected` has a row for each. "
        "beatScores: `input` is a prepared beat window, `expected` what the card gives after all post-processing.",
        "tolerance": {"preprocessing": 1e-5, "scores": 1e-4},
        "sampleRateHz": SOURCE_RATE_HZ,
        "windowSamples": WINDOW_SAMPLES,
        "leads": list(LEADS),
        "sections": band_pass_sections().tolist(),
        "streams": streams,
        **of_beats,
    }
    (target / "manifest.json").write_text(readable_json(manifest) + "\n")
    (target / ".gitattributes").write_text("*.f32 binary\n")


def _scores(writer: Writer, stream: str, end: int, name: str, window: np.ndarray) -> dict:
    model = ShippedModel(name)
    lead = "II"
    inputs = model.input_of(window, lead)
    scores = model.network(inputs[np.newaxis])[0]
    return {
        "model": name,
        "modelSha256": model.card["provenance"]["sha256"],
        "memberSha256": [],
        "lead": lead if model.card["input"]["leads"] == ["any"] else None,
        "windowEnd": end,
        "input": writer.array(f"{stream}-{name}-{end}", inputs),
        "expected": [float(score) for score in scores],
    }


if __name__ == "__main__":
    main()
