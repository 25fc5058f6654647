"""Made-up artefacts on one lead: the other has to tell what the beat is."""

from __future__ import annotations

import torch

OF_TEMPLATE = ("template_p", "usual_width")  # features that an artefact of the moment leaves alone
LARGEST = 6.0  # times the size of the lead's own template
NONSENSE = 2.0  # deviations by which the lead's features scatter


class Artefacts:
    """Puts a wave, a step that decays or a burst of noise on one lead's beat, and nonsense into that lead's features."""

    def __init__(self, names: list[str], mean: torch.Tensor, deviation: torch.Tensor):
        self.mean, self.deviation = mean, deviation
        self.columns = []
        while found := [index for index, name in enumerate(names) if name.endswith(f"_{len(self.columns) + 1}") and name.rsplit("_", 1)[0] not in OF_TEMPLATE]:
            self.columns.append(torch.tensor(found))

    def put(self, rows: torch.Tensor, features: torch.Tensor, share: float, generator: torch.Generator) -> None:
        """Changes a share of the beats, rows [batch, 2 x leads, samples] and features [batch, features], in place; none where there is one lead only."""
        leads, length = rows.shape[1] // 2, rows.shape[2]
        hit = torch.nonzero(torch.rand(len(rows), generator=generator) < share)[:, 0]
        if leads < 2 or len(hit) == 0:
            return

        def uniform():
            return torch.rand(len(hit), 1, generator=generator)

        lead = torch.randint(0, leads, (len(hit),), generator=generator)
        size = rows[hit, leads + lead].std(1, keepdim=True) * (1.0 + (LARGEST - 1.0) * uniform())
        since = torch.arange(length)[None] / length - uniform()
        wave = (-0.5 * (since / (0.03 + 0.2 * uniform())) ** 2).exp()
        step = (60.0 * since).sigmoid() * (-3.0 * since.clamp(min=0.0)).exp()
        burst = wave * torch.randn(len(hit), length, generator=generator)
        kind = uniform()
        made = torch.where(kind < 0.4, wave, torch.where(kind < 0.7, step, burst))
        rows[hit, lead] += torch.where(uniform() < 0.5, -size, size) * made
        for one, columns in enumerate(self.columns):
            chosen = hit[lead == one]
            scatter = NONSENSE * torch.randn(len(chosen), len(columns), generator=generator)
            features[chosen[:, None], columns[None]] = self.mean[columns] + scatter * self.deviation[columns]
