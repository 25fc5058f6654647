"""Puts the chosen beat models of a finished run into src/models/optional: S2's vote of three small networks, and ours.

    ship.py [quick|paper]
"""

from __future__ import annotations

import json
import shutil
import sys

from beats import export
from export import MODELS, readable_json
from framework import place, recipe


def main() -> None:
    size = sys.argv[1] if len(sys.argv) > 1 else "quick"
    seed = recipe.load("s2", size)
    where = place.default(size, seed.name)
    folder = MODELS / "optional" / "seed-s2-vote"
    order = [1, 2, 3, 4, 0]  # the published 1, 2, 3, 0, with Q before N
    post = {"vote": {"kind": "ordered", "order": order, "threshold": seed["threshold"]}}
    export.ensemble(seed, where, folder, {name: f"seed-s2-{name}" for name in seed["shipped"]}, post, None, "vote3")
    print(folder)

    ours = recipe.load("ours-beat", size)
    name = "beat-tianchi-ours"
    folder = MODELS / "optional" / name
    shutil.copytree(where.models / name, folder, dirs_exist_ok=True)
    card = json.loads((folder / "card.json").read_text())
    card["provenance"]["metrics"] = export.scored(where, ours, "ensemble")
    (folder / "card.json").write_text(readable_json(card) + "\n")
    print(folder)

    name = "tianchi-ours"
    folder = MODELS / "optional" / name
    shutil.copytree(where.models / name, folder, dirs_exist_ok=True)
    card = json.loads((folder / "card.json").read_text())
    card["provenance"]["metrics"] = [metric for metric in export.scored(where, ours, "ensemble") if "real rows" in metric["name"]]
    (folder / "card.json").write_text(readable_json(card) + "\n")
    print(folder)


if __name__ == "__main__":
    main()
