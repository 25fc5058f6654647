#!/usr/bin/env python3
"""Draws what each panel of the dashboards got from its queries, one picture a dashboard, to be looked at.

    python3 deploy/grafana/draw.py [artifacts/panels]     reads results.json there, which the panel test writes; needs matplotlib (Debian: python3-matplotlib)
"""
import datetime
import json
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates
import matplotlib.pyplot as plt

COLUMNS = 3


def rows_of(series):
    names = series["columns"][1:]
    for values in series["values"]:
        yield datetime.datetime.fromtimestamp(values[0] / 1e9, datetime.timezone.utc), dict(zip(names, values[1:]))


def label_of(series, column):
    tags = series.get("tags") or {}
    return " ".join([*tags.values(), column]) if tags else column


def draw_lines(axes, queries):
    for query in queries:
        for series in query["Series"]:
            points = list(rows_of(series))
            for column in series["columns"][1:]:
                pairs = [(when, values[column]) for when, values in points if isinstance(values[column], (int, float))]
                if pairs:
                    axes.plot(*zip(*pairs), marker=".", markersize=3, linewidth=1, label=label_of(series, column))
    axes.xaxis.set_major_formatter(matplotlib.dates.DateFormatter("%H:%M:%S"))
    axes.tick_params(axis="x", rotation=30)
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[:8], labels[:8], fontsize=6, loc="best")


def draw_bars(axes, queries):
    names, values = [], []
    for query in queries:
        for series in query["Series"]:
            *_, (_, last) = rows_of(series)
            for column, value in last.items():
                if isinstance(value, (int, float)):
                    names.append(label_of(series, column))
                    values.append(value)
    axes.barh(names, values)
    axes.tick_params(axis="y", labelsize=6)
    for place, value in enumerate(values):
        axes.text(value, place, f" {value:g}", va="center", fontsize=7)


def draw_text(axes, queries):
    axes.axis("off")
    lines = []
    for query in queries:
        for series in query["Series"]:
            for when, values in list(rows_of(series))[:9]:
                tags = " ".join((series.get("tags") or {}).values())
                lines.append(f"{when:%H:%M:%S} {tags} " + " ".join(f"{key}={value}" for key, value in values.items() if value not in (None, "")))
    axes.text(0, 1, "\n".join(line[:105] for line in lines[:14]), va="top", fontsize=5.5, family="monospace")


def draw_number(axes, queries):
    axes.axis("off")
    series = queries[0]["Series"]
    if series:
        *_, (_, last) = rows_of(series[0])
        value = next(iter(last.values()))
        axes.text(0.5, 0.5, f"{value:g}" if isinstance(value, (int, float)) else str(value), ha="center", va="center", fontsize=26)


DRAWN = {"timeseries": draw_lines, "bargauge": draw_bars, "table": draw_text, "stat": draw_number}


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "artifacts/panels")
    results = json.loads((folder / "results.json").read_text())
    for dashboard in dict.fromkeys(query["Dashboard"] for query in results):
        panels = {}
        for query in results:
            if query["Dashboard"] == dashboard:
                panels.setdefault((query["Panel"], query["Type"]), []).append(query)
        height = -(-len(panels) // COLUMNS)
        figure, grid = plt.subplots(height, COLUMNS, figsize=(6.5 * COLUMNS, 3.0 * height), squeeze=False)
        for axes, ((title, kind), queries) in zip(grid.flat, panels.items()):
            axes.set_title(f"{title} ({kind})", fontsize=9)
            DRAWN[kind](axes, queries)
        for axes in list(grid.flat)[len(panels):]:
            axes.axis("off")
        figure.suptitle(f"EcgStream: {dashboard}")
        figure.tight_layout()
        figure.savefig(folder / f"{dashboard}.png", dpi=80)
        print(folder / f"{dashboard}.png")


if __name__ == "__main__":
    main()
