"""S3: the AIWIN entry that reads the record as a picture. Task 1 normal/abnormal on China ECG, Task 2 the twelve labels;
each is a recipe of its own (`head`).

The window is drawn to 640 x 640 inside the network (rhythms/drawing.py), shifted and partly erased in training, and read by a
residual network; SGD with a warm-up and a decay to 0.001. The published one began with weights pre-trained on photographs,
which cannot be had here: Task 2 starts from nothing, and Task 1 from Task 2's network (no China ECG record is in it). The
write-up's own proposal, fusion with a signal model, is a row too: the mean of its probabilities and ours on the same folds.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn

import export
from cards import CHINA, MISC, PTBXL, label, metric_of
from datasets import external_twelve_lead, without_copies
from dsp import LEADS, WINDOW_SAMPLES, stream_filter
from findings import TWELVE, twelve_of
from folds import grouped_folds
from framework import machine, recipe as recipes, results
from framework.loop import fit
from framework.place import Place, save, save_json
from networks import parameter_count
from rhythms import china, findings12, measure, ours12
from rhythms.image_networks import PictureNetwork

NAME = "s3-picture"
BINARY, LABELS = "normal_abnormal", "twelve"


class Served(nn.Module):
    """[batch, 12, 5000] mV → probabilities of one of the heads."""

    def __init__(self, network: PictureNetwork, head: str):
        super().__init__()
        self.network, self.head = network, head

    def forward(self, window):
        logits = self.network(window, self.head)
        return logits.softmax(-1) if self.head == BINARY else logits.sigmoid()


def findings_windows(place: Place):
    """([records, 12, 5000] float16 mV, targets over TWELVE, fold of each record): the records and folds of ours."""
    path = place.data / "twelve-500hz.pt"
    with china.one_process(path):
        if not path.exists():
            records, groups = without_copies(external_twelve_lead())
            targets = np.stack([twelve_of(record.codes) for record in records])
            data = np.stack([stream_filter(record.millivolts[:, :WINDOW_SAMPLES]).astype(np.float16) for record in records])
            fold_of = grouped_folds(targets, groups, findings12.FOLDS, findings12.SEED)
            save((torch.from_numpy(data), torch.from_numpy(targets), fold_of), path)
    return torch.load(path)


def prepare(recipe, place: Place) -> None:
    china.windows(place)
    findings_windows(place)


def jobs(recipe) -> list[str]:
    return [f"fold{fold}" for fold in range(recipe["folds"])]


def new_network(recipe) -> PictureNetwork:
    return PictureNetwork(recipe["backbone"], {BINARY: 2, LABELS: len(TWELVE)})


def train(job: str, recipe, place: Place) -> None:
    network = place.job(job) / "network.pt"
    with china.one_process(network):  # Task 1 may have begun with it, as it starts from Task 2's first
        if not network.exists():
            _train(job, recipe, place, _start(job, recipe, place))


def _start(job: str, recipe, place: Place) -> PictureNetwork:
    torch.manual_seed(recipe["seed"] * 100 + int(job[-1]))
    network = new_network(recipe)
    if recipe["head"] == BINARY:
        other = recipes.load(recipe["start"], recipe.size)
        train("fold0", other, place.of(other.name))
        network.load_state_dict(torch.load(place.of(other.name).job("fold0") / "network.pt"))
    return network


def _train(job: str, recipe, place: Place, network: PictureNetwork) -> None:
    head = recipe["head"]
    if head == BINARY:
        inputs, targets = china.windows(place)
        fold_of = china.fold_of(targets)
    else:
        inputs, targets, fold_of = findings_windows(place)
    fold, folder, target, batch = int(job[-1]), place.job(job), machine.device(), recipe["batch"]
    rows = torch.from_numpy(np.flatnonzero(fold_of != fold))
    per_epoch = math.ceil(len(rows) / batch)
    epochs = max(1, round(recipe["iterations"] / per_epoch))
    optimizer = torch.optim.SGD(network.parameters(), recipe["peak_rate"], momentum=0.9, nesterov=True, weight_decay=1e-4)
    floor, warm, total = recipe["final_rate"] / recipe["peak_rate"], recipe["warm_up"], epochs * per_epoch

    def rate(step: int) -> float:
        if step < warm:
            return (step + 1) / warm
        return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, total - warm)))

    def loss_of(model, indices, generator):
        chosen = rows[indices]
        with torch.no_grad():
            gain = (recipe["gain"] * torch.randn(len(chosen), 1, 1, generator=generator)).exp()
            page = changed(model.drawing((inputs[chosen].float() * gain).to(target)), generator)
        logits, wanted = model.of_page(page, head), targets[chosen].to(target)
        return nn.functional.cross_entropy(logits, wanted) if head == BINARY else nn.functional.binary_cross_entropy_with_logits(logits, wanted)

    network, losses, seconds = fit(
        network, optimizer, loss_of, len(rows), batch, epochs, recipe["seed"] * 100 + 7 * fold + (head == BINARY), f"{recipe.title} {job}",
        folder / "checkpoint.pt", torch.optim.lr_scheduler.LambdaLR(optimizer, rate), per_batch=True,
    )  # fmt: skip
    network.cpu()
    test = np.flatnonzero(fold_of == fold)
    served = Served(network, head).eval()
    with torch.no_grad():
        scores = torch.cat([served(inputs[part].float()) for part in torch.from_numpy(test).split(16)]).numpy()
    np.savez(folder / "scores.npz", rows=test, scores=scores)
    save_json({"losses": losses, "seconds": seconds, "machine": machine.describe()}, folder / "run.json")
    save(network.state_dict(), folder / "network.pt")


def changed(page: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Each picture a little elsewhere on its paper, one rectangle of it wiped out; and at times a whole strip."""
    pages = []
    for picture in page:
        down, right = (int(torch.randint(-3, 4, (1,), generator=generator)), int(torch.randint(-48, 49, (1,), generator=generator)))
        picture = picture.roll((down, right), (1, 2))
        top, left, high, wide = (int(torch.randint(low, up, (1,), generator=generator)) for low, up in ((0, 560), (0, 560), (20, 80), (20, 80)))
        picture[:, top : top + high, left : left + wide] = 0.0
        pages.append(picture)
    return torch.stack(pages)


def score(recipe, place: Place) -> None:
    (_score_binary if recipe["head"] == BINARY else _score_labels)(recipe, place)


def _score_binary(recipe, place: Place) -> None:
    inputs, labels = china.windows(place)
    folds = recipe["folds"]
    scores, runs = china.out_of_fold(place, [f"fold{fold}" for fold in range(folds)], len(labels))
    scored = np.flatnonzero(~np.isnan(scores[:, 0]))
    network = new_network(recipe)
    network.load_state_dict(torch.load(place.job("fold0") / "network.pt"))
    served = Served(network, BINARY).eval()
    path = place.models / NAME / "model.onnx"
    export.write_onnx(served, len(LEADS), path, WINDOW_SAMPLES)
    metrics = measure.two_class(scores, labels.numpy(), scored)
    split = china.SPLIT if folds == china.FOLDS else f"{china.SPLIT}, of them the first {folds}"
    export.write_card(
        NAME, "1.0.0", LEADS, [{"step": "select_leads", "leads": list(LEADS)}],
        [label("normal", "102592006", False, None), label("abnormal", "102594003", True, "low")],
        {
            "datasets": [CHINA, f"{PTBXL} (Task 2, which it starts from)", f"{MISC} (Task 2, which it starts from)"],
            "splits": f"{split}; the network is that of fold 0, so it has not seen that fold's records",
            "recipe": f"src/training/recipes/{recipe.name}.toml, {recipe.size}",
            "seed": recipe["seed"], "date": export.DATE,
            "metrics": [metric_of(name, value, f"{recipe.size} {recipe.name}") for name, value in metrics.items()],
        }, path.parent, WINDOW_SAMPLES,
    )  # fmt: skip
    china.pictures_of(place, runs, inputs, labels, "S3")
    seconds = sum(run["seconds"] for run in runs.values())
    start_seconds = china.run_of(place.of(recipe["start"]), "fold0")["seconds"]
    speed = machine.windows_per_second([served], (len(LEADS), WINDOW_SAMPLES), batch=8)
    parameters = parameter_count(network)
    results.write(place, recipe, "china", results.Result(
        split, len(scored), metrics, parameters, seconds, machine.describe(), path.stat().st_size, speed,
        note=f"backbone {recipe['backbone']}, {recipe['task1_iterations']:,} iterations (published: ResNet-50 pre-trained on photographs, which "
        f"cannot be had here, and 10,000); starts from its own Task 2 network ({start_seconds:.0f} s)",
    ))  # fmt: skip
    ours = ours12.out_of_fold(place.of(ours12.SYSTEM), recipes.load(ours12.SYSTEM, recipe.size))
    if ours is None:
        return
    fused = (scores + ours) / 2
    results.write(place, recipe, "china-fused", results.Result(
        split, len(scored), measure.two_class(fused, labels.numpy(), scored), parameters, seconds,
        machine.describe(), None, None, "fused with ours by mean of probabilities",
        "fusion with a signal model, as its write-up proposes; parameters and seconds are the picture's alone",
    ))  # fmt: skip
    results.write(place, recipe, "china-ours-same-folds", results.Result(
        split, len(scored), measure.two_class(ours, labels.numpy(), scored),
        0, 0.0, machine.describe(), None, None, "(none of it: ours alone, on the records of the fusion)",
    ))  # fmt: skip


def _score_labels(recipe, place: Place) -> None:
    _, targets, fold_of = findings_windows(place)
    truth = targets.numpy() > 0.5
    scores, seconds = np.full(truth.shape, np.nan), 0.0
    for fold in range(recipe["folds"]):
        part = np.load(place.job(f"fold{fold}") / "scores.npz")
        scores[part["rows"]] = part["scores"]
        seconds += china.run_of(place, f"fold{fold}")["seconds"]
    scored = np.flatnonzero(~np.isnan(scores[:, 0]))
    network = new_network(recipe)
    network.load_state_dict(torch.load(place.job("fold0") / "network.pt"))
    served = Served(network, LABELS).eval()
    path = place.models / f"{NAME}-twelve" / "model.onnx"
    export.write_onnx(served, len(LEADS), path, WINDOW_SAMPLES)
    scores, truth = scores[scored], truth[scored]
    halves = fold_of[scored] if recipe["folds"] > 1 else np.arange(len(scored)) % 2
    decided = measure.cross_fitted(scores, truth, halves)
    split = findings12.SPLIT if recipe["folds"] == findings12.FOLDS else f"{findings12.SPLIT}, of them the first {recipe['task2_folds']}"
    results.write(place, recipe, "twelve", results.Result(
        split, len(scored), measure.multi_label(scores, truth, decided), parameter_count(network), seconds, machine.describe(),
        path.stat().st_size, machine.windows_per_second([served], (len(LEADS), WINDOW_SAMPLES), batch=8),
        f"Task 2 by backbone {recipe['backbone']}, {recipe['task2_iterations']:,} iterations from nothing",
        {"labels": TWELVE, "f1": measure.f1(decided, truth).tolist()},
    ), task=findings12.TASK)  # fmt: skip
