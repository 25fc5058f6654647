"""What may happen to leads: two change places, one is upside down or of another size, or one tells nonsense and the other has to tell what the beat is."""

from __future__ import annotations

import torch

OF_TEMPLATE = ("template", "usual")  # how features begin that an artefact of the moment leaves alone
SIZE = 0.2  # deviation of the logarithm of the size of both shapes of a lead
NONSENSE = 2.0  # deviations by which a disturbed lead's features scatter


class Leads:
    """Changes the features of the leads of some beats. Where there is one lead only, none is swapped or disturbed."""

    def __init__(self, names: list[str], mean: torch.Tensor, deviation: torch.Tensor):
        self.mean, self.deviation = mean, deviation
        stems = [name[:-2] for name in names if name.endswith("_2")]
        self.columns = [torch.tensor([names.index(f"{stem}_{lead}") for stem in stems]) for lead in (1, 2)] if stems else []
        self.of_moment = [torch.tensor([names.index(f"{stem}_{lead}") for stem in stems if not stem.startswith(OF_TEMPLATE)]) for lead in (1, 2)] if stems else []

        self.shapes = [torch.tensor(found) for lead in (1, 2) if (found := [index for index, name in enumerate(names) if "_shape" in name and name.endswith(f"_{lead}")])]

    def turn(self, features: torch.Tensor, share: float, generator: torch.Generator) -> torch.Tensor:
        """Beat and template of a lead together: an electrode in another place shows both upside down."""
        features = features.clone()
        for columns in self.shapes:
            sign = torch.where(torch.rand(len(features), 1, generator=generator) < share, -1.0, 1.0)
            features[:, columns] *= sign * (SIZE * torch.randn(len(features), 1, generator=generator)).exp()
        return features

    def swap(self, features: torch.Tensor, share: float, generator: torch.Generator) -> torch.Tensor:
        """Which lead is the first is chance: a placement, or a name that was not known."""
        if not self.columns:
            return features
        first, second = self.columns
        swapped = features.clone()
        swapped[:, first], swapped[:, second] = features[:, second], features[:, first]
        return torch.where(torch.rand(len(features), 1, generator=generator) < share, swapped, features)

    def disturb(self, features: torch.Tensor, share: float, generator: torch.Generator) -> torch.Tensor:
        if not self.columns:
            return features
        features = features.clone()
        lead = torch.randint(0, 2, (len(features),), generator=generator)
        hit = torch.rand(len(features), generator=generator) < share
        for one, columns in enumerate(self.of_moment):
            rows = torch.nonzero(hit & (lead == one))[:, 0]
            scatter = NONSENSE * torch.randn(len(rows), len(columns), generator=generator)
            features[rows[:, None], columns[None]] = self.mean[columns] + scatter * self.deviation[columns]
        return features
