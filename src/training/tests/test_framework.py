"""The framework's own rules: recipes load in both sizes, metrics agree with hand-worked values, a stopped training goes on alike."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from torch import nn

from framework import loop, metrics, recipe


class Recipes(unittest.TestCase):
    def test_every_recipe_loads_in_both_sizes_and_names_a_module_with_the_four_parts(self):
        self.assertTrue(recipe.names())
        for name in recipe.names():
            for size in recipe.SIZES:
                code = recipe.load(name, size).code()
                for part in ("jobs", "train", "score"):
                    self.assertTrue(callable(getattr(code, part)), f"{name}: {part}")
                self.assertTrue(code.jobs(recipe.load(name, size)), name)


class Metrics(unittest.TestCase):
    def test_abs_sum_of_the_contests_own_example_is_0_6(self):
        self.assertAlmostEqual(metrics.abs_sum(np.array([[0.1, 0.7, 0.1, 0.1]]), np.array([1]))[0], 0.6)

    def test_macro_f1_counts_only_classes_that_occur(self):
        # truth 0 0 1, answers 0 1 1: F1 of 0 = 2/3, of 1 = 2/3, class 2 occurs nowhere.
        self.assertAlmostEqual(metrics.macro_f1(metrics.confusion(np.array([0, 1, 1]), np.array([0, 0, 1]), 3)), 2 / 3)

    def test_the_interval_holds_the_value_and_repeats(self):
        scores = np.random.default_rng(1).dirichlet(np.ones(4), 200)
        labels = np.random.default_rng(2).integers(4, size=200)
        first, second = metrics.single_label(scores, labels), metrics.single_label(scores, labels)
        self.assertEqual(first, second)
        for value in first.values():
            self.assertTrue(value["low"] <= value["value"] <= value["high"])


class Loop(unittest.TestCase):
    def test_a_stopped_training_goes_on_to_the_same_weights(self):
        inputs, wanted = torch.randn(40, 3, generator=torch.Generator().manual_seed(0)), torch.randn(40, 1)

        def run(stops: bool, folder: str):
            torch.manual_seed(1)
            network = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.2), nn.Linear(8, 1))
            optimizer = torch.optim.Adam(network.parameters(), 1e-2)
            path, calls = Path(folder) / "checkpoint", [0]

            def loss_of(net, rows, _):
                calls[0] += 1
                if stops and calls[0] == 13:  # in the third epoch
                    raise KeyboardInterrupt
                return (net(inputs[rows]) - wanted[rows]).square().mean()

            return loop.fit(network, optimizer, loss_of, 40, 8, 5, 3, "test", path)

        every, loop.CHECKPOINT_EVERY_S = loop.CHECKPOINT_EVERY_S, -1.0
        try:
            with tempfile.TemporaryDirectory() as straight, tempfile.TemporaryDirectory() as broken:
                whole, losses, _ = run(False, straight)
                with self.assertRaises(KeyboardInterrupt):
                    run(True, broken)
                resumed, again, _ = run(False, broken)
        finally:
            loop.CHECKPOINT_EVERY_S = every
        self.assertEqual(losses, again)
        for one, two in zip(whole.state_dict().values(), resumed.state_dict().values()):
            self.assertTrue(torch.equal(one, two))


if __name__ == "__main__":
    unittest.main()
