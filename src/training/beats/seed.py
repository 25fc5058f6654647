"""S0 and S1: one network, cross-entropy, Adam; S1 snaps its probabilities afterwards."""

from __future__ import annotations

import torch
from torch import nn

from beats import export, task
from beats.networks import NETWORKS
from beats.vote import snap
from framework import machine
from framework.loop import fit

prepare = task.prepare


def jobs(recipe) -> list[str]:
    return task.parts(recipe)


def train(job: str, recipe, where) -> None:
    part, folder = task.load(recipe, where, job), where.job(job)
    settings = recipe["mit" if job == "mit" else "tianchi"]
    torch.manual_seed(recipe["seed"])
    network = NETWORKS[recipe["network"]](len(part.classes))
    target = machine.device()
    signals, labels = part.train.signals[:, None].to(target), torch.from_numpy(part.train.labels).to(target)
    optimizer = torch.optim.Adam(network.to(target).parameters(), settings["rate"], weight_decay=recipe.get("weight_decay", 0.0))
    steps = settings.get("halve_every")
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, steps, 0.5) if steps else None

    def loss_of(net, rows, _):
        # The published loss is the sum over the batch; Adam's step does not change with a constant factor, its weight decay's share does.
        return nn.functional.cross_entropy(net(signals[rows]), labels[rows], reduction=recipe.get("reduction", "mean"))

    network, losses, seconds = fit(
        network, optimizer, loss_of, len(labels), settings["batch"], settings["epochs"], recipe["seed"], f"{recipe.name} {job}",
        folder / "checkpoint.pt", scheduler,
    )  # fmt: skip
    if recipe.get("reduction") == "sum":
        losses = [loss / min(settings["batch"], len(labels)) for loss in losses]
    task.keep(folder, network, part, losses, seconds, save_network=job == "mit")


def score(recipe, where) -> None:
    network = NETWORKS[recipe["network"]](5)
    network.load_state_dict(torch.load(where.job("mit") / "network.pt", map_location="cpu"))
    low_high = recipe.get("snap")
    post = {"snap": {"low": low_high[0], "high": low_high[1]}} if low_high else {}
    onnx_bytes = export.network(recipe, where, f"seed-{recipe.name}", network, post)
    speed = machine.windows_per_second([network], (1, 205))
    curves: dict = {"mit": {}, "tianchi": {}}
    for split in task.SPLITS:
        jobs_here = task.jobs_of(recipe, split)
        stories = [task.story(where.job(job)) for job in jobs_here]
        scores, labels = task.gathered(where, jobs_here, split)
        if low_high:
            scores = snap(scores, *low_high)
        task.report(recipe, where, "", split, scores, labels, stories, stories[0]["parameters"], onnx_bytes, speed)
        curves["tianchi" if split == "tianchi" else "mit"] = {job: story["losses"] for job, story in zip(jobs_here, stories)}
    task.draw(recipe, where, curves)
