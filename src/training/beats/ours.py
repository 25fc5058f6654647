"""Ours in the Tianchi format: a small residual network that also sees where the beat ends, three of them averaged in one graph.

jobs: memberN = its network on MIT-BIH DS1, then, from there, one network per fold of the real rows.
"""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from beats import data, export, task, vote
from beats.augment import Changes, change
from framework import machine, place
from framework.loop import fit
from networks import Residual

prepare = task.prepare
PADDED = 224  # halves evenly five times



class BeatResNet(nn.Module):
    """[batch, 1, 205] -> logits. Three channels: the signal, 1 where it is (the padding says how long the heart cycle is), the time since R."""

    def __init__(self, classes: int, widths: tuple[int, ...], kernels: tuple[int, ...], dropout: float):
        super().__init__()
        self.register_buffer("time", torch.linspace(0, 1, PADDED)[None, None])
        self.stem = nn.Sequential(nn.Conv1d(3, widths[0], 9, 2, 4, bias=False), nn.BatchNorm1d(widths[0]), nn.ReLU(), nn.MaxPool1d(2, 2))
        blocks, before = [], widths[0]
        for index, (width, kernel) in enumerate(zip(widths, kernels)):
            blocks.append(Residual(before, width, kernel, 1 if index == 0 else 2, dropout))
            before = width
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(0.3)
        self.head = nn.Linear(2 * before, classes)

    def forward(self, x):
        x = torch.cat([x, 0.0 * x[..., : PADDED - data.SAMPLES]], 2)  # zeros behind, so that the graph holds a plain Concat
        here = (x * 1e4).clamp(0.0, 1.0)  # a sample of exactly 0 inside the beat is its one lowest point
        x = self.blocks(self.stem(torch.cat([x - 0.5 * here, here, here * self.time], 1)))
        return self.head(self.dropout(torch.cat([x.mean(-1), x.amax(-1)], 1)))


class Averaged(nn.Module):
    """The mean of the members' probabilities, the logits over the temperature first."""

    def __init__(self, members: list[nn.Module], temperature: float):
        super().__init__()
        self.members, self.temperature = nn.ModuleList(copy.deepcopy(members)), temperature
        for member in self.members:
            for parameter in member.head.parameters():
                parameter.data.div_(temperature)

    def forward(self, window):
        scores = [member(window).softmax(-1) for member in self.members]
        return sum(scores[1:], scores[0]) * (1.0 / len(scores))


def new_network(recipe, classes: int) -> BeatResNet:
    return BeatResNet(classes, tuple(recipe["widths"]), tuple(recipe["kernels"]), recipe["dropout"])


def jobs(recipe) -> list[str]:
    return [f"member{member}" for member in range(recipe["members"])]


def train(job: str, recipe, where) -> None:
    member = int(job.removeprefix("member"))
    part = task.load(recipe, where, "mit")
    path = place.made(where.job(job) / "mit")
    if not (path / "network.pt").exists():
        network, losses, seconds = train_mit(recipe, recipe["mit"], part.train, 10 * member + recipe["seed"], f"ours {job}", path / "checkpoint.pt")
        task.keep(path, network, part, losses, seconds, True)
    base = new_network(recipe, len(data.MIT_CLASSES))
    base.load_state_dict(torch.load(path / "network.pt", map_location="cpu"))
    for name in task.parts(recipe)[1:]:
        folder = place.made(where.job(job) / name)
        if not (folder / "story.json").exists():
            part = task.load(recipe, where, name)
            network, losses, seconds = train_tianchi(recipe, recipe["tianchi"], part.train, base, 10 * member + recipe["seed"], f"ours {job} {name}")
            task.keep(folder, network, part, losses, seconds, False)


def train_mit(recipe, settings: dict, beats: data.Beats, seed: int, title: str, checkpoint=None):
    """Each epoch sees every rare beat and `normal_share` of the N beats, drawn anew; the N logit is raised by what that took away."""
    rare = np.flatnonzero(beats.labels != 0)
    normal = np.flatnonzero(beats.labels == 0)
    drawn = int(settings["normal_share"] * len(normal))
    pool = torch.from_numpy(normal)

    def rows_of(rows, generator):
        fresh = pool[torch.randint(len(pool), (len(rows),), generator=generator)]
        return torch.where(rows < len(rare), torch.from_numpy(rare)[rows.clamp_max(len(rare) - 1)], fresh)

    torch.manual_seed(seed)
    network = new_network(recipe, len(data.MIT_CLASSES))
    network, losses, seconds = _fit(recipe, settings, network, beats, len(rare) + drawn, rows_of, seed, title, checkpoint)
    with torch.no_grad():
        network.head.bias[0] += float(np.log(1.0 / settings["normal_share"]))
    return network.cpu(), losses, seconds


def train_tianchi(recipe, settings: dict, beats: data.Beats, base: BeatResNet, seed: int, title: str):
    torch.manual_seed(seed)
    network = new_network(recipe, len(data.TIANCHI_CLASSES))
    if settings.get("pretrained", True):
        known = {name: value for name, value in base.state_dict().items() if not name.startswith("head")}
        network.load_state_dict(known, strict=False)
    network, losses, seconds = _fit(recipe, settings, network, beats, len(beats), lambda rows, _: rows, seed, title, None)
    return network.cpu(), losses, seconds


def _fit(recipe, settings: dict, network, beats: data.Beats, rows: int, rows_of, seed: int, title: str, checkpoint):
    target = machine.device()
    network.to(target)
    signals, labels = beats.signals, torch.from_numpy(beats.labels)
    classes = network.head.out_features
    changes = Changes(**settings.get("augmentation", {}))
    optimizer = torch.optim.AdamW(network.parameters(), settings["rate"], weight_decay=settings["weight_decay"])
    batches = sum(1 for begin in range(0, rows, settings["batch"]) if rows - begin > 1)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings["rate"], total_steps=batches * settings["epochs"], pct_start=0.2)

    def loss_of(net, indices, generator):
        chosen = rows_of(indices, generator)
        inputs = change(signals[chosen], changes, generator)[:, None].to(target)
        wanted = functional.one_hot(labels[chosen], classes).float().to(target)
        if settings.get("mixup", 0.0) > 0:
            share = float(np.random.default_rng(int(torch.randint(1 << 30, (1,), generator=generator))).beta(settings["mixup"], settings["mixup"]))
            partner = torch.randperm(len(chosen), generator=generator)
            inputs, wanted = share * inputs + (1 - share) * inputs[partner], share * wanted + (1 - share) * wanted[partner]
        logits = net(inputs)
        loss = functional.cross_entropy(logits, wanted)
        weight = settings.get("distance", 0.0)  # of the contest's own distance
        return loss if weight == 0 else loss + weight * (logits.softmax(-1) - wanted).abs().sum(1).mean()

    return fit(network, optimizer, loss_of, rows, settings["batch"], settings["epochs"], seed, title, checkpoint, cycle, True, settings["average"])


def score(recipe, where) -> None:
    members = []
    for job in jobs(recipe):
        network = new_network(recipe, len(data.MIT_CLASSES))
        network.load_state_dict(torch.load(where.job(job) / "mit" / "network.pt", map_location="cpu"))
        members.append(network.eval())
    low, high = recipe["snap"]
    post = {"snap": {"low": low, "high": high}}
    averaged = Averaged(members, 1.0)
    sizes = {
        1: export.network(recipe, where, "beat-tianchi-ours-single", members[0], post),
        len(members): export.averaged(recipe, where, "beat-tianchi-ours", averaged, post),
    }
    speeds = {1: machine.windows_per_second(members[:1], (1, data.SAMPLES)), len(members): machine.windows_per_second([averaged], (1, data.SAMPLES))}
    curves: dict = {"mit": {}, "tianchi": {}}
    for split in task.SPLITS:
        parts = task.jobs_of(recipe, split)
        scores, stories = [], []
        for job in jobs(recipe):
            found, labels = task.gathered(where, [f"{job}/{part}" for part in parts], split)
            scores.append(found)
            stories += [task.story(where.job(job) / part) for part in parts]
        curves["tianchi" if split == "tianchi" else "mit"] = {f"{job} {part}": task.story(where.job(job) / part)["losses"] for job in jobs(recipe) for part in parts}
        mean, single = vote.mean(scores), stories[: len(parts)]
        for key, shown, spent, count, title in (
            ("single", vote.snap(scores[0], low, high), single, 1, "one network"),
            ("ensemble", vote.snap(mean, low, high), stories, len(members), f"{len(members)} networks"),
            ("calibrated", mean, stories, len(members), f"{len(members)} networks, probabilities unsnapped"),
        ):
            task.report(recipe, where, key, split, shown, labels, spent, count * spent[0]["parameters"], sizes[count], speeds[count], title)
    task.draw(recipe, where, curves)
