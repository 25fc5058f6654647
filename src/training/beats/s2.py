"""S2: SMOTE, six networks with L1 loss on smoothed targets, the vote, stacking, and the GAN variant.

jobs: PART-netN (six a part), PART-gan (the network `gan.network` on data whose rare classes a GAN enlarged before SMOTE).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from beats import export, task, vote
from beats.balance import gan_rows, smote
from beats.networks import NETWORKS, Stacker
from framework import machine, place
from framework.loop import fit
from networks import parameter_count

MEMBERS = ("net1", "net2", "net3", "net4", "net5", "net6")
prepare = task.prepare


def jobs(recipe) -> list[str]:
    parts = task.parts(recipe)
    dear_first = ("net5", "net6", "net3", "net1", "net2", "net4", "gan")
    return [f"{part}-{name}" for name in dear_first for part in parts]


def train(job: str, recipe, where) -> None:
    name, kind = job.rsplit("-", 1)
    part, folder = task.load(recipe, where, name), where.job(job)
    settings = dict(recipe["mit" if name == "mit" else "tianchi"])
    settings.update(settings.get(kind, {}))
    signals, labels = part.train.signals.numpy(), part.train.labels
    curves = {}
    if kind == "gan":
        signals, labels, curves = _with_gan(signals, labels, recipe["gan"], recipe["seed"], job)
    known, held = balanced(signals, labels, settings.get("smote_rows"), recipe)
    known = tuple(rows[: settings.get("train_rows", len(known[1]))] for rows in known)  # the held quarter stays the same for all members
    network, losses, seconds = train_one(recipe, settings, recipe["gan"]["network"] if kind == "gan" else kind, known, len(part.classes), job, folder)
    # The quarter that SMOTE's split leaves aside: what stacking learns from.
    more = {"held-scores": task.probabilities(network, held[0]), "held-labels": held[1].numpy()}
    task.keep(folder, network, part, losses, seconds, name == "mit" and kind != "gan", more)
    if curves:
        place.save_json(curves, folder / "gan.json")


def balanced(signals, labels, rows: int | None, recipe):
    """SMOTE over all classes, then a random 75/25 split."""
    signals, labels = smote(signals, labels, rows, recipe["smote_neighbours"], recipe["seed"])
    order = np.random.default_rng(recipe["seed"]).permutation(len(labels))
    cut = int(0.75 * len(order))
    return tuple((torch.from_numpy(signals[rows]), torch.from_numpy(labels[rows])) for rows in (order[:cut], order[cut:]))


def _with_gan(signals, labels, settings: dict, seed: int, title: str):
    """Each class rarer than `share` of the largest is brought there by a GAN of its own, where it has `least` rows to learn from."""
    counts = np.bincount(labels)
    wanted, curves = int(settings["share"] * counts.max()), {}
    for kind in np.flatnonzero((counts < wanted) & (counts >= settings["least"])):
        own = signals[labels == kind]
        own = own[: settings.get("rows", len(own))]
        missing = min(wanted - counts[kind], settings.get("most", len(signals)))
        made, curves[str(kind)] = gan_rows(own, int(missing), settings["epochs"], settings["batch"], seed + int(kind), f"s2 {title}, class {kind}")
        signals, labels = np.concatenate([signals, made]), np.concatenate([labels, np.full(len(made), kind)])
    return signals, labels, curves


def train_one(recipe, settings: dict, name: str, known, classes: int, title: str, folder):
    torch.manual_seed(recipe["seed"])
    network, target = NETWORKS[name](classes), machine.device()
    signals, labels = known[0][:, None].to(target), known[1].to(target)
    low, high = recipe["smoothing"] / (classes - 1), 1.0 - recipe["smoothing"]
    targets = nn.functional.one_hot(labels, classes).float().clamp(low, high)
    optimizer = torch.optim.Adam(network.to(target).parameters(), settings["rate"])

    def loss_of(net, rows, _):
        return nn.functional.l1_loss(net(signals[rows]).softmax(-1), targets[rows])

    return fit(
        network, optimizer, loss_of, len(labels), settings["batch"], settings["epochs"], recipe["seed"], f"s2 {title}",
        folder / "checkpoint.pt", keep_best=True,
    )  # fmt: skip


def score(recipe, where) -> None:
    networks, sizes = {}, {}
    for name in MEMBERS:
        networks[name] = NETWORKS[name](5)
        networks[name].load_state_dict(torch.load(where.job(f"mit-{name}") / "network.pt", map_location="cpu"))
        sizes[name] = export.network(recipe, where, f"seed-s2-{name}", networks[name], {})
    speeds = {name: machine.windows_per_second([network], (1, 205)) for name, network in networks.items()}
    curves: dict = {"mit": {}, "tianchi": {}}
    for split in task.SPLITS:
        _score_split(recipe, where, split, networks, sizes, speeds, curves["tianchi" if split == "tianchi" else "mit"])
    task.draw(recipe, where, curves)


def _score_split(recipe, where, split: str, networks, sizes, speeds, curves) -> None:
    classes = 4 if split == "tianchi" else 5
    order = [*range(1, classes), 0]  # the published 1, 2, 3, 0, and class 4 (Q) before N in the set of five
    scores, stories, total = {}, {}, {}
    for name in MEMBERS:
        jobs_here = task.jobs_of(recipe, split, f"-{name}")
        stories[name] = [task.story(where.job(job)) for job in jobs_here]
        total[name] = stories[name][0]["parameters"]
        scores[name], labels = task.gathered(where, jobs_here, split)
        curves[name] = stories[name][0]["losses"]
        task.report(recipe, where, name, split, scores[name], labels, stories[name], total[name], sizes[name], speeds[name], name.capitalize())
    for key, members in (("vote", MEMBERS), ("vote3", tuple(recipe["shipped"]))):
        voted = vote.ordered(vote.mean([scores[name] for name in members]), order, recipe["threshold"])
        spent = [story for name in members for story in stories[name]]
        title = "vote of six" if key == "vote" else f"vote of {', '.join(name.capitalize() for name in members)}"
        speed = 1.0 / sum(1.0 / speeds[name] for name in members)
        task.report(recipe, where, key, split, voted, labels, spent, sum(total[n] for n in members), sum(sizes[n] for n in members), speed, title)
    if split == "mit-ds2":
        post = {"vote": {"kind": "ordered", "order": order, "threshold": recipe["threshold"]}}
        export.ensemble(recipe, where, where.models / "seed-s2-vote-of-six", {name: f"seed-s2-{name}" for name in MEMBERS}, post, None)
    stacked, extra, stacker = _stack(recipe, where, split, classes, scores)
    size = None
    if split.startswith("mit"):
        if split == "mit-random":  # the same network as for mit-ds2
            sizes["stack"] = export.stack(recipe, where, "seed-s2-stack", stacker, {name: f"seed-s2-{name}" for name in MEMBERS}, classes)
        size = sum(sizes.values())
    everyone = [story for name in MEMBERS for story in stories[name]] + [extra]
    task.report(recipe, where, "stacking", split, stacked, labels, everyone, sum(total.values()) + parameter_count(stacker), size,
                1.0 / sum(1.0 / speed for speed in speeds.values()), "stacking")  # fmt: skip
    jobs_here = task.jobs_of(recipe, split, "-gan")
    plain, labels = task.gathered(where, jobs_here, split)
    spent = [task.story(where.job(job)) for job in jobs_here]
    name = recipe["gan"]["network"]
    task.report(recipe, where, "gan", split, plain, labels, spent, spent[0]["parameters"], sizes[name], speeds[name], f"{name.capitalize()} after a GAN per rare class")


def _stack(recipe, where, split: str, classes: int, scores: dict):
    """The stacking network: learns on the quarters set aside (cross-entropy, Adam 1e-3), one per part; gives the parts' test scores."""
    found, seconds, network = [], 0.0, None
    for job in task.jobs_of(recipe, split):
        files = [np.load(where.job(f"{job}-{name}") / "scores.npz", allow_pickle=True) for name in MEMBERS]
        inputs = torch.from_numpy(np.concatenate([file["held-scores"] for file in files], 1))
        labels = torch.from_numpy(files[0]["held-labels"])
        torch.manual_seed(recipe["seed"])
        network = Stacker(len(MEMBERS), classes)
        optimizer = torch.optim.Adam(network.parameters(), 1e-3)
        network, _, spent = fit(
            network, optimizer, lambda net, rows, _: nn.functional.cross_entropy(net(inputs[rows]), labels[rows]), len(labels), 32,
            recipe["stacking_epochs"], recipe["seed"], f"s2 stacking {job}",
        )  # fmt: skip
        seconds += spent
        tests = torch.from_numpy(np.concatenate([file[f"{split}-scores"] for file in files], 1))
        with torch.no_grad():
            found.append(network.cpu()(tests).softmax(-1).numpy())
    return np.concatenate(found), {"seconds": seconds, "machine": machine.describe()}, network
