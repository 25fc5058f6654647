"""Recipes: one TOML file per system under ../recipes.

    title, module, task, order      who it is, the Python module that carries it out, its table, its place in the table
    [[unavailable]] split, reason   rows that cannot be scored here, printed as such
    [common] [paper] [quick]        settings; the size's own table wins over [common]
"""

from __future__ import annotations

import importlib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parent.parent / "recipes"
SIZES = ("paper", "quick")


@dataclass(frozen=True)
class Recipe:
    name: str
    title: str
    module: str
    task: str
    order: int
    size: str
    settings: dict
    unavailable: list = field(default_factory=list)

    def __getitem__(self, key: str):
        return self.settings[key]

    def get(self, key: str, default=None):
        return self.settings.get(key, default)

    def code(self) -> ModuleType:
        return importlib.import_module(self.module)


def names() -> list[str]:
    """All systems in the order of the scoreboard."""
    return sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda name: (_read(name)["order"], name))


def load(name: str, size: str) -> Recipe:
    if size not in SIZES:
        raise ValueError(f"size {size}: one of {', '.join(SIZES)}")
    content = _read(name)
    settings = _merge(content.get("common", {}), content.get(size, {}))
    return Recipe(
        name, content["title"], content["module"], content["task"], content["order"], size, settings, content.get("unavailable", [])
    )


def _read(name: str) -> dict:
    path = FOLDER / f"{name}.toml"
    if not path.exists():
        raise ValueError(f"no recipe named {name}; there are: {', '.join(sorted(p.stem for p in FOLDER.glob('*.toml')))}")
    return tomllib.loads(path.read_text())


def _merge(base: dict, over: dict) -> dict:
    merged = dict(base)
    for key, value in over.items():
        merged[key] = _merge(merged[key], value) if isinstance(value, dict) and isinstance(merged.get(key), dict) else value
    return merged
