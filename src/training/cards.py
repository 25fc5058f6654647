"""What the two model cards say: labels, data, splits and the measured figures of the work folder."""

from __future__ import annotations

import json
import math
from pathlib import Path

import single_lead
import twelve_lead
from datasets import cinc_2017
from export import DATE, MODELS, Ensemble, window_steps, write_card, write_onnx
from windows import INPUT_LEADS

CHINA = "First China ECG Intelligence Competition 2019, preliminary round: 480 labelled 12-lead records (240 normal, 240 abnormal)"
PTBXL = "PTB-XL, 500 records (CC BY 4.0)"
MISC = "CPSC 2018, CPSC-Extra, Chapman/Ningbo, Georgia and PTB-XL as in PhysioNet 2020/2021: 239 records"
CINC = "PhysioNet/CinC Challenge 2017: 1,644 single-lead records (400 normal, 622 AF, 400 other, 222 noisy)"


def label(name: str, snomed: str | None, abnormal: bool, priority: str | None) -> dict:
    return {"name": name, "snomed": snomed, "abnormal": abnormal, "alarmPriority": priority}


def metric(name: str, value: float, interval: list[float] | None, command: str) -> dict:
    rounded = None if interval is None else [round(bound, 4) for bound in interval]
    return {"name": name, "value": round(value, 4), "interval": rounded, "command": f"src/training/run.sh {command}"}


def metric_of(name: str, value: dict, command: str) -> dict:
    """A metric of the framework (value, low, high) as a card holds it."""
    return metric(name, value["value"], [value["low"], value["high"]], command)


def wilson(share: float, count: int) -> list[float]:
    """95 % interval of a share of `count` records."""
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return [middle - half, middle + half]


def export_all(shop: twelve_lead.Workshop) -> None:
    export_twelve_lead(shop)
    export_single_lead(shop)


def export_twelve_lead(shop: twelve_lead.Workshop) -> None:
    folds = json.loads((shop.folder / "folds.json").read_text())
    ensemble = Ensemble(twelve_lead.finals(shop), twelve_lead.HEAD, folds["temperature"])
    write_onnx(ensemble, len(INPUT_LEADS), MODELS / twelve_lead.NAME / "model.onnx")
    # SNOMED CT: 102592006 electrocardiogram normal, 102594003 electrocardiogram abnormal.
    labels = [label("normal", "102592006", False, None), label("abnormal", "102594003", True, "medium")]
    scored = [
        metric("mean accuracy, 5 stratified folds", folds["mean"], wilson(folds["mean"], 480), "folds12"),
        *(metric(f"accuracy, fold {fold}", value, None, "folds12") for fold, value in enumerate(folds["accuracy"])),
        metric("sensitivity for abnormal", folds["sensitivity"], wilson(folds["sensitivity"], 240), "folds12"),
        metric("specificity", folds["specificity"], wilson(folds["specificity"], 240), "folds12"),
        metric("area under the ROC curve", folds["roc_auc"], None, "folds12"),
        metric("expected calibration error", folds["expected_calibration_error"], None, "folds12"),
        metric("mean accuracy on mid-stream windows", folds["mean_mid_stream_windows"], None, "folds12"),
    ]
    for path in sorted(shop.folder.glob("baseline-*.json")):
        baseline = json.loads(path.read_text())
        scored.append(metric(f"S4 network, same folds, seed {baseline['seed']}", baseline["mean"], None, f"baseline --seed {baseline['seed']}"))
    provenance = {
        "datasets": [CHINA, f"{PTBXL} (pre-training)", f"{MISC} (pre-training)"],
        "splits": "5 stratified folds (StratifiedKFold semantics, shuffled, seed 0) of the 480 records; accuracy after the last "
        "epoch, no epoch picked; the shipped network is the same recipe on all 480",
        "recipe": "src/training/twelve_lead.py",
        "seed": twelve_lead.SEED,
        "date": DATE,
        "metrics": scored,
    }
    write_card(twelve_lead.NAME, "1.0.0", INPUT_LEADS, window_steps(INPUT_LEADS, twelve_lead.MODE), labels, provenance)


def export_single_lead(shop: twelve_lead.Workshop) -> None:
    folds = json.loads((shop.folder / "single-folds.json").read_text())
    ensemble = Ensemble([single_lead.final(shop.folder)], single_lead.HEAD, folds["temperature"])
    write_onnx(ensemble, 1, MODELS / single_lead.NAME / "model.onnx")
    scored = []
    for key, text in (("first_window", "first 10 s"), ("record_mean_of_windows", "mean of 6 windows of a record")):
        scored.append(metric(f"mean F1 of normal, af, other; {text}", folds[key]["mean_normal_af_other"], None, "folds1"))
        scored += [metric(f"F1 {name}; {text}", value, None, "folds1") for name, value in folds[key]["per_class"].items()]
        scored.append(metric(f"expected calibration error of AF; {text}", folds[key]["af_calibration_error"], None, "folds1"))
    fast = folds["regular_tachycardia"]
    scored.append(metric("regular tachycardia (held-out normal records played faster) taken for AF", fast["taken_for_af"], wilson(fast["taken_for_af"], fast["records"]), "folds1"))
    splits = (
        "5 stratified folds (seed 0) of the 1,644 CinC records, every AF and noisy record of the challenge but only "
        "400 of the normal and other ones, so the figures are not comparable with the challenge's; the other sets never scored"
    )
    _write_single_lead_card(splits, scored, MODELS / single_lead.NAME)


def export_single_lead_folds(shop: twelve_lead.Workshop, folder: Path) -> None:
    """The networks behind the scored folds, for `ecgeval rhythm --folds`: fold0, fold1, … and folds.csv (record, fold trained without it)."""
    temperature = json.loads((shop.folder / "single-folds.json").read_text())["temperature"]
    for fold in range(single_lead.FOLDS):
        write_onnx(Ensemble([single_lead.fold_network(shop.folder, fold)], single_lead.HEAD, temperature), 1, folder / f"fold{fold}" / "model.onnx")
        _write_single_lead_card(f"trained without fold {fold}", [], folder / f"fold{fold}")
    names = [record.name for record in cinc_2017()]
    lines = [f"{name},{fold}\n" for name, fold in zip(names, single_lead.folds_of(shop.folder), strict=True)]
    (folder / "folds.csv").write_text("".join(lines))


def _write_single_lead_card(splits: str, scored: list[dict], folder: Path) -> None:
    # SNOMED CT: 426783006 sinus rhythm, 164889003 atrial fibrillation.
    labels = [
        label("normal", "426783006", False, None),
        label("af", "164889003", True, "medium"),
        label("other", None, True, "low"),
        label("noisy", None, False, None),
    ]
    provenance = {
        "datasets": [CINC, f"{PTBXL} (training only)", f"{MISC} (training only)"],
        "splits": splits,
        "recipe": "src/training/single_lead.py",
        "seed": single_lead.SEED,
        "date": DATE,
        "metrics": scored,
    }
    write_card(folder.name, "1.1.0", None, window_steps(None, single_lead.MODE), labels, provenance, folder)
