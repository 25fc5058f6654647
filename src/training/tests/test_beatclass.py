"""The daemon's beat classes on made-up data: order of intervals, weights of patients, the member's probabilities."""

from __future__ import annotations

import unittest

import numpy as np
import torch

from beatclass import order
from beatclass.artefacts import Artefacts
from beatclass.ectopy import NAMES, EctopicRhythms
from beatclass.linear import EctopicScore, LinearSchedule, weigh
from beatclass.network import BeatMember, BeatNetwork
from beatclass.scoring import N, S, choose_weights, patient_sensitivity


class OrderTests(unittest.TestCase):
    def test_order_is_lost_in_fibrillation_and_kept_among_ectopic_beats(self):
        generator = torch.Generator().manual_seed(0)
        jitter = 1 + 0.04 * (torch.rand(200, 32, generator=generator) - 0.5)
        kinds = torch.where(torch.rand(200, 32, generator=generator) < 0.5, 0.6, 1.1)
        for intervals, least, most in ((0.8 * jitter, 0.95, 1.0), (kinds * jitter, 0.9, 1.0), (0.5 + 0.6 * torch.rand(200, 32, generator=generator), 0.0, 0.3)):
            found = order.describe_order(intervals, {"pre_ratio": torch.ones(200)})
            self.assertTrue(least <= found["order"].mean() <= most)
            torch.testing.assert_close(found["ordered_pre_ratio"], found["order"])

    def test_made_up_rhythms_have_every_feature_in_its_place(self):
        rhythms = EctopicRhythms([*NAMES, "p_surprise_1"], 1, rhythms=2)
        place = {name: index for index, name in enumerate(NAMES)}
        for rows in (rhythms.sinus, rhythms.ectopic):
            self.assertEqual(rows.shape[1], len(NAMES))
            torch.testing.assert_close(rows[:, place["ordered_pre_ratio"]], rows[:, place["order"]] * rows[:, place["pre_ratio"]])


class ArtefactTests(unittest.TestCase):
    NAMES = ["pre_ratio", "irregularity_32", "qrs_surprise_1", "template_p_1", "qrs_surprise_2"]

    def test_one_lead_of_the_beat_changes_and_only_its_features(self):
        generator = torch.Generator().manual_seed(0)
        artefacts = Artefacts(self.NAMES, torch.zeros(5), torch.ones(5))
        before = torch.randn(300, 4, 100, generator=generator)
        rows, features = before.clone(), torch.zeros(300, 5)
        artefacts.put(rows, features, 0.5, generator)
        changed = (rows != before).any(2)
        self.assertTrue(0.4 < changed.any(1).float().mean() < 0.6)
        self.assertFalse(changed[:, 2:].any() or changed.all(1).any() or (changed[:, 0] & changed[:, 1]).any())
        torch.testing.assert_close(features[:, 2] != 0, changed[:, 0])
        torch.testing.assert_close(features[:, 4] != 0, changed[:, 1])
        self.assertFalse(features[:, [0, 1, 3]].any())

    def test_a_single_lead_stays_as_it_is(self):
        rows, features = torch.ones(50, 2, 100), torch.zeros(50, 4)
        Artefacts(self.NAMES[:4], torch.zeros(4), torch.ones(4)).put(rows, features, 1.0, torch.Generator())
        self.assertTrue((rows == 1).all() and not features.any())


class WeightTests(unittest.TestCase):
    def test_a_patient_with_a_hundred_times_the_beats_weighs_little_more(self):
        targets, record = np.array([S] * 101 + [N] * 10 + [2, 3]), np.array([0] + [1] * 100 + [0] * 12)
        weights = weigh(targets, record, LinearSchedule())
        self.assertAlmostEqual(weights.sum(), 1.0)
        self.assertAlmostEqual(weights[1:101].sum() / weights[0], 100**0.2)

    def test_sensitivity_counts_each_patient_once(self):
        targets, record = np.array([S] * 110), np.array([0] * 10 + [1] * 100)
        self.assertEqual(patient_sensitivity(targets, np.where(record == 0, S, N), record), 50.0)

    def test_chosen_weights_undo_a_bias(self):
        generator = np.random.default_rng(0)
        targets = generator.integers(0, 4, 400)
        scores = np.eye(4)[targets] * 0.6 + 0.1
        scores[:, S] *= 20
        self.assertGreater(choose_weights(scores / scores.sum(1, keepdims=True), targets, targets * 0)[1]["svebPp"], 99)


class MemberTests(unittest.TestCase):
    def test_only_the_linear_score_decides_between_n_and_s(self):
        torch.manual_seed(0)
        network = BeatNetwork(1, 100, 5, 4, torch.zeros(5), torch.ones(5)).eval()
        ectopic = EctopicScore(torch.zeros(5), torch.ones(5))
        scores = BeatMember(network, ectopic)(torch.randn(6, 2, 100), features := torch.randn(6, 5))
        torch.testing.assert_close(scores.sum(1), torch.ones(6))
        torch.testing.assert_close(scores[:, S] / (scores[:, N] + scores[:, S]), ectopic(features)[:, 0])


if __name__ == "__main__":
    unittest.main()
