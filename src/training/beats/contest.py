"""The networks that answer the contest itself: four classes, trained on all of its labelled rows as the scored folds were on theirs.

    contest.py [quick|paper]     tianchi-ours and tianchi-s2-vote under the run's models, for `ecgeval predict MODEL testA.csv --format tianchi`
"""

from __future__ import annotations

import sys

import torch

from beats import data, export, ours, s2, task
from framework import place, recipe


def main() -> None:
    size = sys.argv[1] if len(sys.argv) > 1 else "quick"
    rows = task.Part(data.tianchi(), {}, data.TIANCHI_CLASSES)
    for make, name in ((_ours, "ours-beat"), (_s2, "s2")):
        settings = recipe.load(name, size)
        print(make(settings, place.default(size, settings.name), rows))


def _ours(settings, where, rows: task.Part):
    members = []
    for member, job in enumerate(ours.jobs(settings)):
        base = ours.new_network(settings, len(data.MIT_CLASSES))
        base.load_state_dict(torch.load(where.job(job) / "mit" / "network.pt", map_location="cpu"))
        network, *_ = ours.train_tianchi(settings, settings["tianchi"], rows.train, base, 10 * member + settings["seed"], f"ours {job} all rows")
        members.append(network.eval())
    low, high = settings["snap"]
    export.averaged(settings, where, "tianchi-ours", ours.Averaged(members, 1.0), {"snap": {"low": low, "high": high}}, data.TIANCHI_CLASSES)
    return where.models / "tianchi-ours"


def _s2(settings, where, rows: task.Part):
    members = {}
    for name in settings["shipped"]:
        own = dict(settings["tianchi"])
        own.update(own.get(name, {}))
        known, _ = s2.balanced(rows.train.signals.numpy(), rows.train.labels, own.get("smote_rows"), settings)
        network, *_ = s2.train_one(settings, own, name, known, len(rows.classes), f"all rows {name}", place.made(where.folder / "contest" / name))
        members[name] = f"tianchi-s2-{name}"
        export.network(settings, where, members[name], network.cpu().eval(), {}, data.TIANCHI_CLASSES)
    post = {"vote": {"kind": "ordered", "order": [1, 2, 3, 0], "threshold": settings["threshold"]}}
    export.ensemble(settings, where, where.models / "tianchi-s2-vote", members, post, None, classes=data.TIANCHI_CLASSES)
    return where.models / "tianchi-s2-vote"


if __name__ == "__main__":
    main()
