"""What RR intervals alone say of atrial fibrillation: a logistic score, learned from days of annotated beats (`run.sh intervals`).

    python -m fibrillation.train RR_ANNOTATIONS WORK    scores patients in folds, then learns from all and writes RrScore.cs and its golden vectors

A window is the last 32 intervals of any beats, whatever their class; its label is the rhythm at its middle. A patient's n windows of a rhythm
weigh as n^0.5: no long recording drowns the others.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .data import LONGEST_SECONDS, Patient, load
from .rule import episode_figures
from .statistics import INTERVALS, LEAST, NAMES, measure, of_every_beat

DATE = "2026-12-01"
FOLDS, SEED = 5, 0
EVERY = 64  # of the windows is learned from one in so many
SHORT = 0.15  # of these have fewer intervals, LEAST to INTERVALS - 1
PENALTY, ROUNDS = 1e-4, 40
ROOT = Path(__file__).resolve().parents[3]
CLASS = ROOT / "src" / "EcgStream.Core" / "Beats" / "RrScore.cs"
GOLDEN = ROOT / "tests" / "EcgStream.Core.Tests" / "Beats" / "Golden" / "rr-score.json"
COMMAND = "src/training/run.sh intervals"


class Score(nn.Module):
    """Statistics to log-odds: each statistic, standardized, and its part below 0 have a slope."""

    def __init__(self, mean: np.ndarray, deviation: np.ndarray):
        super().__init__()
        self.mean, self.deviation = torch.from_numpy(mean), torch.from_numpy(deviation)
        self.head = nn.Linear(2 * len(mean), 1).double()
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def inputs(self, statistics: torch.Tensor) -> torch.Tensor:
        z = (statistics - self.mean) / self.deviation
        return torch.cat([z, z.clamp(max=0)], 1)

    def forward(self, statistics: torch.Tensor) -> torch.Tensor:
        return self.head(self.inputs(statistics))[:, 0]


def fit(statistics: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> Score:
    torch.manual_seed(SEED)
    score = Score(statistics.mean(0), statistics.std(0) + 1e-6)
    statistics, wanted, weighed = (torch.from_numpy(part) for part in (statistics, targets, weights / weights.sum()))
    inputs = score.inputs(statistics)
    optimizer = torch.optim.LBFGS(score.head.parameters(), max_iter=ROUNDS, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = (nn.functional.binary_cross_entropy_with_logits(score.head(inputs)[:, 0], wanted, reduction="none") * weighed).sum()
        loss = loss + PENALTY * score.head.weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return score


def every_beat(patient: Patient, work: Path) -> np.ndarray:
    path = work / f"{patient.set}-{patient.name}.npy"
    if not path.exists():
        np.save(path, of_every_beat(patient.seconds, LONGEST_SECONDS).astype(np.float32))
    return np.load(path, mmap_mode="r")


def windows_of(patient: Patient, statistics: np.ndarray, generator: np.random.Generator):
    """(statistics, targets, weights) of one in EVERY beats; some of them cut short."""
    middle = np.maximum(np.arange(len(statistics)) - INTERVALS // 2, 0)
    chosen = np.flatnonzero(~np.isnan(statistics[:, 0]) & (patient.seconds >= patient.annotated_from))[generator.integers(0, EVERY) :: EVERY]
    rows, targets = statistics[chosen].astype(np.float64), patient.fibrillates[middle[chosen]].astype(np.float64)
    gaps = np.diff(patient.seconds) > LONGEST_SECONDS
    intervals, known = 1000 * np.diff(patient.seconds)[~gaps], np.cumsum(np.concatenate([[False], ~gaps])) - 1
    short = generator.integers(LEAST, INTERVALS, len(chosen))
    short[generator.random(len(chosen)) >= SHORT] = 0
    for count in range(LEAST, INTERVALS):
        these = np.flatnonzero((short == count) & (known[chosen] >= count))
        if len(these):
            rows[these] = measure(intervals[known[chosen[these]][:, None] - np.arange(count)])
            targets[these] = patient.fibrillates[chosen[these] - count // 2]
    weights = np.zeros(len(chosen))
    for target in (0, 1):
        weights[targets == target] = max((targets == target).sum(), 1) ** -0.5
    return rows, targets, weights


def folds_of(patients: list[Patient]) -> np.ndarray:
    """The fold that each patient is scored in; every set has its share of each."""
    fold, generator = np.zeros(len(patients), dtype=int), np.random.default_rng(SEED)
    for name in sorted({patient.set for patient in patients}):
        members = np.flatnonzero([patient.set == name for patient in patients])
        fold[generator.permutation(members)] = np.arange(len(members)) % FOLDS
    return fold


def main() -> None:
    recordings, work = Path(sys.argv[1]), Path(sys.argv[2])
    work.mkdir(parents=True, exist_ok=True)
    patients, generator = load(recordings), np.random.default_rng(SEED)
    statistics = [every_beat(patient, work) for patient in patients]
    print(f"{len(patients)} patients, {sum(map(len, statistics))} beats", flush=True)
    parts = [windows_of(patient, rows, generator) for patient, rows in zip(patients, statistics)]
    fold = folds_of(patients)

    def learn(chosen: np.ndarray) -> Score:
        return fit(*(np.concatenate([part[column] for part, taken in zip(parts, chosen) if taken]) for column in range(3)))

    held_out = []
    for number in range(FOLDS):
        score = learn(fold != number)
        print(f"fold {number}", flush=True)
        held_out += [(index, log_odds(score, statistics[index])) for index in np.flatnonzero(fold == number)]
    np.savez(work / "held-out.npz", fold=fold, **{f"{patients[index].set}-{patients[index].name}": odds for index, odds in held_out})
    figures = figures_of(patients, dict(held_out))
    print(json.dumps({**figures, "episodes": episode_figures(patients, dict(held_out))}, indent=1))
    score = learn(np.ones(len(patients), dtype=bool))
    write_class(score, figures)
    write_golden(score)


@torch.no_grad()
def log_odds(score: Score, statistics: np.ndarray) -> np.ndarray:
    return score(torch.from_numpy(statistics.astype(np.float64))).numpy()


def figures_of(patients: list[Patient], held_out: dict[int, np.ndarray]) -> dict:
    """Beats by the rhythm at the middle of their window, each by a score that had not seen the patient."""
    odds, targets, paroxysmal = [], [], []
    for index, patient in enumerate(patients):
        known = np.flatnonzero(~np.isnan(held_out[index]) & (patient.seconds >= patient.annotated_from))
        odds.append(held_out[index][known])
        targets.append(patient.fibrillates[np.maximum(known - INTERVALS // 2, 0)])
        paroxysmal.append(np.full(len(known), patient.set == "ltafdb"))
    odds, targets, paroxysmal = (np.concatenate(part) for part in (odds, targets, paroxysmal))
    told = odds > 0
    return {
        "patients": len(patients), "beats": len(odds),
        "auc": round(auc(odds, targets), 4), "aucLtafdb": round(auc(odds[paroxysmal], targets[paroxysmal]), 4),
        "seLtafdb": round(float(told[targets & paroxysmal].mean()), 4), "ppLtafdb": round(float(targets[told & paroxysmal].mean()), 4),
        "toldOfNormal": round(float(told[~paroxysmal].mean()), 5),
    }  # fmt: skip


def auc(scores: np.ndarray, targets: np.ndarray) -> float:
    ranks = np.empty(len(scores))
    ranks[np.argsort(scores)] = np.arange(len(scores))
    positive = targets.sum()
    return float((ranks[targets].sum() - positive * (positive - 1) / 2) / (positive * (len(targets) - positive)))


def write_class(score: Score, figures: dict) -> None:
    slopes = score.head.weight.detach().numpy()[0]
    offset = float(score.head.bias.detach())
    rows = "\n".join(
        f"        {mean:.9g}, {1 / deviation:.9g}, {slope:.9g}, {below:.9g}, // {name}"
        for name, mean, deviation, slope, below in zip(NAMES, score.mean.numpy(), score.deviation.numpy(), slopes[: len(NAMES)], slopes[len(NAMES) :])
    )
    CLASS.write_text(f"""namespace EcgStream.Core.Beats;

/// <summary>
/// Log-odds of atrial fibrillation by the <see cref="RrStatistics"/> of the last intervals: a logistic score, each statistic with another slope below its mean than above.
/// </summary>
/// <remarks>
/// Written by <c>{COMMAND}</c> ({DATE}, seed {SEED}), not by hand. Learned from ltafdb (84 patients, paroxysmal or lasting fibrillation), nsr2db (54) and nsrdb (18, both
/// normal), 24 h each; the log-odds hold where fibrillation and all else are as frequent as there, patients' windows weighed by the root of their number. By patients in five folds, {figures["beats"]:,}
/// beats, as many windows: area under the ROC curve {figures["auc"]:.4f}, ltafdb alone {figures["aucLtafdb"]:.4f}; over 0: Se {100 * figures["seLtafdb"]:.1f} %, +P {100 * figures["ppLtafdb"]:.1f} % of
/// ltafdb's beats, {100 * figures["toldOfNormal"]:.2f} % of the normal ones'.
/// </remarks>
internal static class RrScore
{{
    private const double Offset = {offset:.9g};

    // Of each statistic: mean, what it is multiplied with, slope, slope that is added below the mean.
    private static ReadOnlySpan<double> Weights =>
    [
{rows}
    ];

    public static double LogOdds(ReadOnlySpan<double> statistics)
    {{
        var sum = Offset;
        for (var i = 0; i < RrStatistics.Count; i++)
        {{
            var weights = Weights.Slice(4 * i, 4);
            var z = (statistics[i] - weights[0]) * weights[1];
            sum += (weights[2] * z) + (weights[3] * Math.Min(z, 0));
        }}

        return sum;
    }}
}}
""")


def write_golden(score: Score) -> None:
    """Made-up rhythms: what the daemon's class must make of them."""
    generator, cases = np.random.default_rng(5), []
    for name, intervals in {
        "steady": 800 + 5 * generator.standard_normal(INTERVALS),
        "breathing": 900 + 80 * np.sin(np.arange(INTERVALS)) + 5 * generator.standard_normal(INTERVALS),
        "fibrillation": generator.uniform(400, 1000, INTERVALS),
        "fast fibrillation, few": generator.uniform(330, 560, LEAST),
        "bigeminy": np.where(np.arange(INTERVALS) % 2, 560.0, 1040.0) + 8 * generator.standard_normal(INTERVALS),
        "premature": np.where(np.arange(21) % 7 == 3, 520.0, np.where(np.arange(21) % 7 == 2, 1080.0, 800.0)) + 6 * generator.standard_normal(21),
        "equal": np.full(INTERVALS, 640.0),
    }.items():
        intervals = intervals.astype(np.float32)
        statistics = measure(intervals[np.newaxis])
        cases.append({
            "name": name, "milliseconds": [float(value) for value in intervals],
            "statistics": [float(value) for value in statistics[0]], "logOdds": float(log_odds(score, statistics)[0]),
        })  # fmt: skip
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(json.dumps({"command": COMMAND, "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
