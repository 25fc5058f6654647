"""One scored system on one split: what the scoreboard prints."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from framework.place import Place, save_json


@dataclass(frozen=True)
class Result:
    split: str  # as printed: the data and how they were split
    rows: int  # scored
    metrics: dict  # name -> {value, low, high}
    parameters: int
    training_seconds: float
    machine: dict
    onnx_bytes: int | None
    windows_per_second: float | None
    variant: str = ""  # which of the system's models, printed behind its title
    note: str = ""
    extra: dict = field(default_factory=dict)  # kept in the JSON only: class F1s, confusion matrices, settings found


def write(place: Place, recipe, key: str, result: Result) -> Path:
    """`key` is the split in the file's name; one file per system and split."""
    path = place.results / f"{recipe.name}--{key}.json"
    head = {"system": recipe.name, "key": key, "title": ", ".join(filter(None, (recipe.title, result.variant))), "task": recipe.task, "size": recipe.size, "seed": recipe.get("seed", 0)}
    save_json({**head, **asdict(result), "settings": recipe.settings}, path)
    return path


def read_all(work: Path, size: str) -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted((work / size / "results").glob("*.json"))]
