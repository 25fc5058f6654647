"""Puts the finished run's 12-lead models where the daemon finds them: the twelve findings by default, S3 and S4 as optional ones.

    ship.py [quick|paper]

Models that the run did not make are left as they are. Golden vectors must be written anew afterwards (run.sh golden).
"""

from __future__ import annotations

import shutil
import sys

from export import MODELS
from framework import place
from rhythms import findings12, s3, s4


def main() -> None:
    made = place.default(sys.argv[1] if len(sys.argv) > 1 else "quick", "").models
    for name, folder in ((findings12.NAME, MODELS), (s3.NAME, MODELS / "optional"), (s4.NAME, MODELS / "optional")):
        if (made / name / "card.json").exists():
            shutil.copytree(made / name, folder / name, dirs_exist_ok=True)
            print(folder / name)


if __name__ == "__main__":
    main()
