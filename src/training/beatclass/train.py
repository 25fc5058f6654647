"""The daemon's beat models: N, S, V or F of each beat, from two leads or one (`run.sh beatclass`).

    ecgeval beats MITDB --records ds1 --leads 2 --out WORK/two/mitdb     exactly what the daemon would feed, with the reference's classes
    ecgeval beats SVDB --leads 2 --out WORK/two/svdb
    python -m beatclass.train WORK     learns on one database and scores the other, both ways; scores patients in folds; then trains on all and exports

DS2 is nowhere read here: it is only scored, by `ecgeval ec57`, with the shipped models in the daemon's own pipeline.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

import numpy as np
import onnx
import torch

from dsp import SOURCE_RATE_HZ, band_pass_sections
from export import MODELS, OPSET, readable_json
from onnx_eval import OnnxModel

from .data import CLASSES, SETS, Beats, load
from .fit import Schedule, fit, scores_of
from .linear import LinearSchedule, ectopic_of, fit_linear
from .network import ServedNetwork, combine, shapes_of
from .scoring import choose_weights, decide, figures, missed_records, patient_sensitivity

DATE = "2026-12-01"
VERSION = "2.0.0"
SCHEDULE = Schedule()
LINEAR = LinearSchedule()
FOLD_COUNT = 3  # of two parts each
SEED = 0
TOLERANCE = 1e-5
PARTS = {"two": ("beat-2lead", 2), "one": ("beat-1lead", 1)}
TITLES = {"mitdb": "DS1", "svdb": "svdb"}


def cached(path: Path, make) -> np.ndarray:
    if not path.exists():
        np.save(path, make())
        print(path, flush=True)
    return np.load(path)


def score(beats: Beats, chosen: np.ndarray, seed: int, path: Path) -> np.ndarray:
    """Scores of the chosen beats by a network and a linear score that learned from the others."""
    learned, scored = (torch.from_numpy(np.flatnonzero(which)) for which in (~chosen, chosen))
    scores = cached(path.with_suffix(".npy"), lambda: scores_of(fit(beats, learned, SCHEDULE, seed), beats, scored))
    ectopic = cached(path.with_suffix(".linear.npy"), lambda: ectopic_of(fit_linear(beats, learned, LINEAR, seed), beats, scored).numpy())
    return combine(torch.from_numpy(scores), torch.from_numpy(ectopic)).numpy()


def fold_scores(beats: Beats, folder: Path) -> np.ndarray:
    """Scores of every beat by networks that had seen none of its patient, patients of both databases in each fold."""
    scores = np.zeros((len(beats), len(CLASSES)))
    for fold in range(FOLD_COUNT):
        chosen = beats.fold % FOLD_COUNT == fold
        scores[chosen] = score(beats, chosen, 100 + fold, folder / f"fold{fold}")
    return scores


def held_out(beats: Beats, scores: np.ndarray) -> np.ndarray:
    """Classes of every beat, the class weights of its fold chosen on the other folds."""
    predicted, targets = np.zeros(len(beats), dtype=int), beats.targets.numpy()
    for fold in range(FOLD_COUNT):
        chosen = beats.fold % FOLD_COUNT == fold
        predicted[chosen] = decide(scores[chosen], choose_weights(scores[~chosen], targets[~chosen], beats.database[~chosen]))
    return predicted


def cross_validate(beats: Beats, folder: Path) -> dict:
    """Figures of patients and of a database that were not learned from, and the class weights of what ships."""
    if (path := folder / "folds.json").exists():
        return json.loads(path.read_text())
    targets, result = beats.targets.numpy(), {}
    scores = fold_scores(beats, folder)
    weights = choose_weights(scores, targets, beats.database)
    predicted = held_out(beats, scores)
    for number, part in enumerate(SETS):
        mine = beats.database == number
        result[f"three folds over the patients of both, {TITLES[part]}"] = figures(targets[mine], predicted[mine]) | {
            "svebSePatients": patient_sensitivity(targets[mine], predicted[mine], beats.record[mine])
        }
        # The weights, two numbers, come from the other database's patients, scored by networks of the folds, which had seen both databases.
        over = score(beats, mine, SEED, folder / f"{part}-unseen")
        result[f"{TITLES[SETS[1 - number]]} learned, {TITLES[part]} scored"] = figures(targets[mine], decide(over, choose_weights(scores[~mine], targets[~mine], beats.database[~mine])))
    found = {"weights": weights.tolist(), "figures": result, "missed": missed_records(targets, predicted, beats.record, beats.names)}
    path.write_text(readable_json(found) + "\n")
    return found


def train_all(beats: Beats, folder: Path) -> tuple[torch.nn.Module, torch.nn.Module]:
    everything = torch.arange(len(beats))
    if not (path := folder / "network.pt").exists():
        torch.save(fit(beats, everything, SCHEDULE, SEED), path)
    return torch.load(path).eval(), fit_linear(beats, everything, LINEAR, SEED)


def write(name: str, leads: int, beats: Beats, network: torch.nn.Module, ectopic: torch.nn.Module, folds: dict) -> None:
    folder = MODELS / name
    folder.mkdir(parents=True, exist_ok=True)
    served = ServedNetwork(network, ectopic, torch.tensor(folds["weights"], dtype=torch.float32)).eval()
    window = beats.windows
    features = beats.features[: len(window), : beats.daemon_features]
    path = folder / "model.onnx"
    torch.onnx.export(
        served, (window, features), str(path), opset_version=OPSET, input_names=["window", "features"], output_names=["scores"],
        dynamic_axes={"window": {0: "batch"}, "features": {0: "batch"}, "scores": {0: "batch"}},
    )  # fmt: skip
    onnx.checker.check_model(str(path), full_check=True)
    with torch.no_grad():
        weighted = combine(network.probabilities(torch.cat([features, shapes_of(window)], 1)), ectopic(features)) * served.weights
        expected = (weighted / weighted.sum(1, keepdim=True)).numpy()
    np.testing.assert_allclose(OnnxModel(path)(window.numpy(), features.numpy()), expected, atol=TOLERANCE)
    (folder / "card.json").write_text(readable_json(card(name, leads, beats, folds, hashlib.sha256(path.read_bytes()).hexdigest())) + "\n")


def card(name: str, leads: int, beats: Beats, folds: dict, digest: str) -> dict:
    sections = [[float(value) for value in section] for section in band_pass_sections()]
    command = "src/training/run.sh beatclass"
    metrics = [
        {"name": f"{key}, {split}, percent", "value": round(value, 2), "interval": None, "command": command}
        for split, found in folds["figures"].items()
        for key, value in found.items()
    ]
    counts = {part: f"{(beats.database == number).sum():,}" for number, part in enumerate(SETS)}
    # The daemon's arrhythmia rules alarm on beats, not the beat by itself.
    labels = [{"name": label, "snomed": None, "abnormal": label != "N", "alarmPriority": "none" if label != "N" else None} for label in CLASSES]
    return {
        "name": name,
        "version": VERSION,
        "task": "beat",
        "input": {
            "name": "window", "leads": ["any"] * leads, "sampleRateHz": 125, "samples": beats.windows.shape[2], "layout": "lead-major", "windowSeconds": 0.8,
            "sourceRateHz": SOURCE_RATE_HZ, "template": True, "features": {"name": "features", "list": beats.names_of_features[: beats.daemon_features]},
        },
        "preprocessing": {
            "stream": [{"step": "derive_leads"}, {"step": "sos_filter", "sampleRateHz": SOURCE_RATE_HZ, "sections": sections, "initial": "steady_state_of_first_sample"}],
            "window": [{"step": "cut", "kind": "fixed", "beforeSeconds": 0.36, "afterSeconds": 0.44}, {"step": "decimate", "factor": 4, "offset": 0}],
        },
        "output": {"name": "scores", "kind": "softmax", "labels": labels},
        "thresholds": {"abnormal": 0.5},
        "postprocessing": {"temperature": 1.0, "clip": None},
        "members": [],
        "provenance": {
            "datasets": [
                f"MIT-BIH Arrhythmia Database 1.0.0 (PhysioNet, ODC-By): DS1 of de Chazal 2004, 22 records, {counts['mitdb']} beats as the daemon's own detector finds them",
                f"MIT-BIH Supraventricular Arrhythmia Database (PhysioNet, ODC-By): 60 of its 78 records, {counts['svdb']} beats likewise",
            ],
            "splits": "class weights chosen on three folds over the patients of both databases; what ships is trained on all of them; DS2 is only scored, with the pipeline, and never trained on or tuned to (2.x was scored twice: see src/training/README.md)",
            "recipe": "src/training/beatclass/train.py",
            "seed": SEED,
            "date": DATE,
            "metrics": metrics,
            "sha256": digest,
        },
    }  # fmt: skip


def main() -> None:
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    work = Path(sys.argv[1])
    for part in sys.argv[2:] or PARTS:
        name, leads = PARTS[part]
        beats = load(work / part)
        folds = cross_validate(beats, work / part)
        print(name, json.dumps(folds, indent=1), flush=True)
        write(name, leads, beats, *train_all(beats, work / part), folds)


if __name__ == "__main__":
    main()
