"""Command line of the recipes; see README.md.

    train.py baseline | member12 | folds12 | final12 | folds1 | final1 | export | folds1-export
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import torch

import baseline
import cards
import single_lead
import twelve_lead


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["baseline", "member12", "folds12", "final12", "folds1", "final1", "export", "folds1-export"])
    parser.add_argument("--work", type=Path, default=Path("artifacts/training"), help="finished networks and windows")
    parser.add_argument("--threads", type=int, default=int(os.environ.get("OMP_NUM_THREADS", "2")))
    parser.add_argument("--seed", type=int, default=0, help="of the baseline")
    parser.add_argument("--member", type=int, default=0, help="of member12, which trains all networks of one member")
    parser.add_argument("--out", type=Path, default=Path("artifacts/training/cinc-folds"), help="folder of folds1-export")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    shop = twelve_lead.Workshop(options.work)
    if options.step == "baseline":
        result = baseline.run(options.seed)
        (options.work / f"baseline-{options.seed}.json").write_text(json.dumps(result, indent=2))
        print(json.dumps(result))
    elif options.step == "member12":
        twelve_lead.train_member(shop, options.member)
    elif options.step == "folds12":
        print(json.dumps(twelve_lead.score_folds(shop)))
    elif options.step == "final12":
        twelve_lead.finals(shop)
    elif options.step == "folds1":
        print(json.dumps(single_lead.score_folds(options.work)))
    elif options.step == "final1":
        single_lead.final(options.work)
    elif options.step == "folds1-export":
        cards.export_single_lead_folds(shop, options.out)
    else:
        cards.export_all(shop)


if __name__ == "__main__":
    main()
