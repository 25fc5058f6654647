"""Writes src/training/SCOREBOARD.md from the finished results; nothing in it is typed by hand."""

from __future__ import annotations

import json
from pathlib import Path

from export import MODELS
from framework import machine, recipe, results

PATH = Path(__file__).resolve().parent.parent / "SCOREBOARD.md"
METRICS = {
    "abs_sum": "abs-sum per row", "accuracy": "accuracy", "macro_f1": "macro F1", "micro_f1": "micro F1", "roc_auc": "ROC AUC",
}  # fmt: skip
HEAD = """# Scoreboard

Written by `src/training/run.sh scoreboard` from the results of the last runs; do not edit. Every figure was measured here, on the rows and the
split named in its line, with its 95 % bootstrap interval; a published score appears nowhere. Size: `paper` is the recipe as published, `quick` the
same with the rows, epochs and rates of `recipes/*.toml` that two CPU cores can train. Training: CPU seconds of all networks of the line, as one thread takes them (seconds on a GPU).
Windows/s: the PyTorch network (all members) on one CPU thread, a lower bound for ONNX Runtime. ONNX: bytes of all members together.
"""


def write(work: Path) -> Path:
    recipes = {name: recipe.load(name, "quick") for name in recipe.names()}
    found = [result for size in recipe.SIZES for result in results.read_all(work, size) if result["system"] in recipes]
    tasks = list(dict.fromkeys(item.task for item in recipes.values()))
    text = [HEAD]
    for task in tasks:
        mine = [result for result in found if result["task"] == task]
        metrics = [name for name in METRICS if any(name in result["metrics"] for result in mine)]
        metrics += sorted({name for result in mine for name in result["metrics"]} - set(METRICS))
        text.append(f"## {task[:1].upper()}{task[1:]}\n")
        text.append(_line(["system", "data and split", "size", "rows", *(METRICS.get(m, m.replace("_", " ")) for m in metrics),
                           "parameters", "training", "ONNX", "windows/s"]))  # fmt: skip
        text.append(_line(["---"] * (8 + len(metrics))))
        lines = []
        for name, item in recipes.items():
            if item.task != task:
                continue
            for result in (r for r in mine if r["system"] == name):
                lines.append((result["split"], item.order, _line(_cells(result, metrics))))
            for row in item.unavailable:
                lines.append(("~", item.order, _line([item.title, row["split"], "paper", f"not to be had: {row['reason']}", *[""] * (4 + len(metrics))])))
        text += [line for *_, line in sorted(lines, key=lambda entry: entry[:2])]
        text.append("")
    machines = sorted({machine.short(result["machine"]) for result in found})
    notes = sorted({f"- {r['title']}, {r['size']}: {r['note']}" for r in found if r["note"]})
    text += [f"Trained on: {'; '.join(machines)}.", "", *notes, ""]
    text += _shipped()
    PATH.write_text("\n".join(text).rstrip("\n") + "\n")
    return PATH


def _shipped() -> list[str]:
    """What src/models holds, with the first figures of each card."""
    lines = ["## The models that ship\n", _line(["model", "version", "served", "figures of its card", "ONNX"]), _line(["---"] * 5)]
    for path in sorted(MODELS.glob("*/card.json")) + sorted((MODELS / "optional").glob("*/card.json")):
        card = json.loads(path.read_text())
        served = "when `Inference:OptionalModels` names it" if path.parent.parent.name == "optional" else "by default"
        size = sum(file.stat().st_size for file in path.parent.rglob("*.onnx"))
        lines.append(_line([f"`{card['name']}`", card["version"], served, "; ".join(map(_figure, card["provenance"]["metrics"][:4])), f"{size / 1e6:.2f} MB"]))
    return [*lines, ""]


def _figure(metric: dict) -> str:
    interval = "" if metric["interval"] is None else " [{:.3f}, {:.3f}]".format(*metric["interval"])
    return f"{metric['name']}: {metric['value']:.4g}{interval}"


def _cells(result: dict, metrics: list[str]) -> list[str]:
    def shown(metric):
        value = result["metrics"].get(metric)
        return "" if value is None else f"{value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"

    size = result["onnx_bytes"]
    speed = result["windows_per_second"]
    return [
        result["title"], result["split"], result["size"], f"{result['rows']:,}", *(shown(metric) for metric in metrics),
        f"{result['parameters']:,}", f"{result['training_seconds']:.0f} s", "" if size is None else f"{size / 1e6:.2f} MB",
        "" if speed is None else f"{speed:,.0f}",
    ]  # fmt: skip


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
