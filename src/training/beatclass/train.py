"""The daemon's beat models: N, S, V or F of each beat, from two leads or one (`run.sh beatclass`).

    ecgeval beats DIR --records ds1 --leads 2 --out WORK/two     exactly what the daemon would feed, with the reference's classes
    python -m beatclass.train WORK                               cross-validates over DS1's patients, chooses the class weights there, trains on all of DS1, exports

DS2 is nowhere read here: it is only scored, by `ecgeval ec57`, with the shipped models in the daemon's own pipeline.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import torch

from dsp import SOURCE_RATE_HZ, band_pass_sections
from export import MODELS, OPSET, readable_json
from onnx_eval import OnnxModel

from .data import CLASSES, Beats, load
from .fit import Schedule, fit_member, scores_of
from .linear import LinearSchedule
from .network import BeatEnsemble
from .scoring import choose_weights, decide, figures

DATE = "2026-11-21"
SCHEDULE = Schedule(epochs=7, normal_per_epoch=3500, per_record_cap=250)
LINEAR = LinearSchedule()
MEMBERS = 3
FOLD_COUNT = 6
SEED = 0
TOLERANCE = 1e-4
SETS = {"two": ("beat-2lead", 2), "one": ("beat-1lead", 1)}


def held_out_scores(beats: Beats, path: Path, schedule: Schedule) -> np.ndarray:
    """Scores of every beat by a network that had seen none of its patient."""
    if path.exists():
        return np.load(path)
    scores = np.zeros((len(beats), len(CLASSES)))
    for fold in range(FOLD_COUNT):
        train = torch.from_numpy(np.flatnonzero(beats.fold % FOLD_COUNT != fold))
        test = torch.from_numpy(np.flatnonzero(beats.fold % FOLD_COUNT == fold))
        scores[test.numpy()] = scores_of(fit_member(beats, train, schedule, LINEAR, 100 + fold), beats, test).numpy()
        print(f"fold {fold + 1} of {FOLD_COUNT}", flush=True)
    np.save(path, scores)
    return scores


def cross_validate(beats: Beats, folder: Path, schedule: Schedule) -> dict:
    """The class weights chosen on held-out patients, and the figures that follow."""
    path = folder / "folds.json"
    if path.exists():
        return json.loads(path.read_text())
    scores = held_out_scores(beats, folder / "scores.npy", schedule)
    targets = beats.targets.numpy()
    weights, found = choose_weights(scores, targets, beats.record)
    predicted = decide(scores, weights)
    result = {"weights": weights.tolist(), "figures": found, "unweighted": figures(targets, decide(scores, np.zeros(len(CLASSES)))), "records": {}}
    for index in np.unique(beats.record):
        chosen = beats.record == index
        table = np.zeros((len(CLASSES), len(CLASSES)), dtype=int)
        np.add.at(table, (targets[chosen], predicted[chosen]), 1)
        result["records"][beats.names[index]] = table.tolist()
    path.write_text(readable_json(result) + "\n")
    return result


def train_all(beats: Beats, folder: Path, schedule: Schedule) -> list[torch.nn.Module]:
    members = []
    for member in range(MEMBERS):
        path = folder / f"member{member}.pt"
        if not path.exists():
            torch.save(fit_member(beats, torch.arange(len(beats)), schedule, LINEAR, SEED + member), path)
            print(f"member {member + 1} of {MEMBERS}", flush=True)
        members.append(torch.load(path).eval())
    return members


def write(name: str, leads: int, beats: Beats, members: list, folds: dict) -> None:
    folder = MODELS / name
    folder.mkdir(parents=True, exist_ok=True)
    ensemble = BeatEnsemble(members, torch.tensor(folds["weights"], dtype=torch.float32)).eval()
    window, features = beats.rows[:5], beats.features[:5]
    torch.onnx.export(
        ensemble, (window, features), str(folder / "model.onnx"), opset_version=OPSET, input_names=["window", "features"], output_names=["scores"],
        dynamic_axes={"window": {0: "batch"}, "features": {0: "batch"}, "scores": {0: "batch"}},
    )  # fmt: skip
    onnx.checker.check_model(str(folder / "model.onnx"), full_check=True)
    with torch.no_grad():
        expected = ensemble(window, features).numpy()
    np.testing.assert_allclose(OnnxModel(folder / "model.onnx")(window.numpy(), features.numpy()), expected, atol=TOLERANCE)
    (folder / "card.json").write_text(readable_json(card(name, leads, beats, folds, hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest())) + "\n")


def card(name: str, leads: int, beats: Beats, folds: dict, digest: str) -> dict:
    sections = [[float(value) for value in section] for section in band_pass_sections()]
    command = "src/training/run.sh beatclass"
    metrics = [{"name": f"{key}, six folds over the patients of DS1, percent", "value": round(value, 2), "interval": None, "command": command} for key, value in folds["figures"].items()]
    # The daemon's arrhythmia rules alarm on beats, not the beat by itself.
    labels = [{"name": label, "snomed": None, "abnormal": label != "N", "alarmPriority": "none" if label != "N" else None} for label in CLASSES]
    return {
        "name": name,
        "version": "1.2.0",
        "task": "beat",
        "input": {
            "name": "window", "leads": ["any"] * leads, "sampleRateHz": 125, "samples": beats.rows.shape[2], "layout": "lead-major", "windowSeconds": 0.8,
            "sourceRateHz": SOURCE_RATE_HZ, "template": True, "features": {"name": "features", "list": beats.feature_names},
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
            "datasets": [f"MIT-BIH Arrhythmia Database 1.0.0 (PhysioNet, ODC-By): DS1 of de Chazal 2004, 22 records, {len(beats):,} beats as the daemon's own detector finds them"],
            "splits": "class weights chosen on six folds over the patients of DS1; the shipped networks are trained on all of DS1; DS2 is only scored, with the pipeline, and never trained on or tuned to (this version is the fifth one scored)",
            "recipe": "src/training/beatclass/train.py",
            "seed": SEED,
            "date": DATE,
            "metrics": metrics,
            "sha256": digest,
        },
    }  # fmt: skip


def main() -> None:
    torch.set_num_threads(1)
    work = Path(sys.argv[1])
    for part in sys.argv[2:] or SETS:
        name, leads = SETS[part]
        beats = load(work / part)
        schedule = SCHEDULE if leads == 2 else replace(SCHEDULE, normal_per_epoch=4000)
        folds = cross_validate(beats, work / part, schedule)
        print(name, folds["figures"], flush=True)
        write(name, leads, beats, train_all(beats, work / part, schedule), folds)


if __name__ == "__main__":
    main()
