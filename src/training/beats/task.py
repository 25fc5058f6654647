"""The two data sets of the beat systems and their splits; the same rows for every system.

mit       trained on a random 80 % of DS1's beats; scored on rows of the other 20 % (random split, as the contest: the patients are
          known) and on rows of DS2 (inter-patient). One training serves both, so the lines differ in the test alone.
tianchi   the 1,009 real rows in stratified folds; scored on all of them, each by the networks that did not see it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import torch

from beats import data
from folds import stratified_folds
from framework import machine, metrics, pictures, place, results
from networks import parameter_count

SPLITS = {
    "mit-random": "MIT-BIH DS1, random 80/20 of the beats",
    "mit-ds2": "MIT-BIH DS1 to DS2, inter-patient",
    "tianchi": "1,009 real rows, {folds} stratified folds",
}
UNIT = "0..1"


@dataclass(frozen=True)
class Part:
    """What one training may see, and the rows that it is scored on."""

    train: data.Beats
    tests: dict[str, data.Beats]
    classes: tuple[str, ...]


def prepare(recipe, where) -> None:
    data.mit(where.data)


def parts(recipe) -> list[str]:
    return ["mit", *(f"fold{fold}" for fold in range(recipe["folds"]))]


def load(recipe, where, part: str) -> Part:
    if part == "mit":
        first, second = data.mit(where.data)
        fold_of = stratified_folds(first.labels, 5, 0)
        known, held = np.flatnonzero(fold_of != 0), np.flatnonzero(fold_of == 0)
        train = first.take(known)
        held = first.take(held)
        tests = {
            "mit-random": held.take(data.sampled(held, recipe["test_rows"]["random"], 0)),
            "mit-ds2": second.take(data.sampled(second, recipe["test_rows"]["ds2"], 0)),
        }
        return Part(train.take(data.sampled(train, recipe["mit"].get("rows"), recipe["seed"])), tests, data.MIT_CLASSES)
    rows = data.tianchi()
    fold_of = stratified_folds(rows.labels, recipe["folds"], 0)
    fold = int(part.removeprefix("fold"))
    return Part(rows.take(np.flatnonzero(fold_of != fold)), {"tianchi": rows.take(np.flatnonzero(fold_of == fold))}, data.TIANCHI_CLASSES)


@torch.no_grad()
def probabilities(network, signals: torch.Tensor) -> np.ndarray:
    """[rows, classes] float32 of [rows, 205]."""
    target = next(network.parameters()).device
    network.eval()
    return torch.cat([network(batch[:, None].to(target)).softmax(-1).cpu() for batch in signals.split(256)]).numpy()


def keep(folder, network, part: Part, losses: list[float], seconds: float, save_network: bool, more: dict | None = None) -> None:
    """What a job leaves: scores of its test rows, the story of its training, and the network where it is exported."""
    arrays = {}
    for name, rows in part.tests.items():
        arrays[f"{name}-scores"] = probabilities(network, rows.signals)
        arrays[f"{name}-labels"] = rows.labels
        arrays[f"{name}-records"] = rows.records
    np.savez(folder / "scores.npz", **arrays, **(more or {}))
    story = {"losses": losses, "seconds": seconds, "parameters": parameter_count(network), "machine": machine.describe(), "rows": len(part.train)}
    place.save_json(story, folder / "story.json")
    if save_network:
        place.save(network.state_dict(), folder / "network.pt")


def story(folder) -> dict:
    return json.loads((folder / "story.json").read_text())


def gathered(where, jobs: list[str], split: str) -> tuple[np.ndarray, np.ndarray]:
    """(scores, labels) over all jobs that scored rows of the split, in the jobs' order."""
    found = [np.load(where.job(job) / "scores.npz", allow_pickle=True) for job in jobs]
    return tuple(np.concatenate([file[f"{split}-{what}"] for file in found]) for what in ("scores", "labels"))


def jobs_of(recipe, split: str, suffix: str = "") -> list[str]:
    names = ["mit"] if split.startswith("mit") else [name for name in parts(recipe) if name != "mit"]
    return [name + suffix for name in names]


def report(recipe, where, key: str, split: str, scores: np.ndarray, labels: np.ndarray, stories: list[dict], parameters: int,
           onnx_bytes: int | None, speed: float | None, variant: str = "", note: str = "", extra: dict | None = None) -> dict:  # fmt: skip
    found = metrics.single_label(scores, labels)
    matrix = metrics.confusion(scores.argmax(1), labels, scores.shape[1])
    result = results.Result(
        split=SPLITS[split].format(folds=recipe["folds"]), rows=len(labels), metrics=found, parameters=parameters,
        training_seconds=sum(item["seconds"] for item in stories), machine=stories[0]["machine"], onnx_bytes=onnx_bytes,
        windows_per_second=speed, variant=variant, note=note,
        extra={"class_f1": metrics.per_class_f1(matrix), "confusion": matrix.tolist(), "split": split, **(extra or {})},
    )  # fmt: skip
    results.write(where, recipe, f"{key}--{split}" if key else split, result)
    return found


def draw(recipe, where, curves: dict[str, dict[str, list[float]]]) -> None:
    """The pictures of a system: its loss curves by data set; classes and waveforms of both sets."""
    for name, lines in curves.items():
        pictures.loss_curve(lines, where.folder / f"loss-{name}.png", f"{recipe.title}: training loss, {name}, {recipe.size}")
    counts, examples = {}, {}
    for name, part in (("mit", load(recipe, where, "mit")), ("tianchi", load(recipe, where, "fold0"))):
        both = [part.train.labels, *(rows.labels for rows in part.tests.values())]
        for title, labels in zip(("training rows", *part.tests), both):
            counts[f"{name}: {title}"] = dict(zip(part.classes, np.bincount(labels, minlength=len(part.classes)).tolist()))
        for index, label in enumerate(part.classes):
            rows = np.flatnonzero(part.train.labels == index)
            if len(rows):
                examples[f"{name} {label}"] = part.train.signals[int(rows[0])].numpy()
    pictures.class_distribution(counts, where.folder / "classes.png", f"{recipe.title}: rows per class, {recipe.size}")
    pictures.waveforms(examples, data.RATE_HZ, where.folder / "waveforms.png", f"{recipe.title}: the first training row of each class", UNIT)
