"""The daemon's beat classes on made-up data: order of intervals, weights of patients, the member's probabilities."""

from __future__ import annotations

import unittest

import numpy as np
import torch

from beatclass import order
from beatclass.artefacts import Leads
from beatclass.data import PART_COUNT, FOLDS, folds_of
from beatclass.ectopy import NAMES, EctopicRhythms
from beatclass.fibrillation import fibrillate
from beatclass.fit import Schedule, weigh
from beatclass.linear import EctopicScore
from beatclass.network import POINTS, BeatNetwork, ServedNetwork, shapes_of
from beatclass.scoring import N, S, V, choose_weights, decide, figures, missed_records, patient_sensitivity


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


    def test_made_up_fibrillation_has_no_order_and_nothing_else_changes(self):
        names = [*NAMES, "width_1", *(f"{stem}_1" for stem in ("p_correlation", "p_surprise", "p_difference", "template_p"))]
        before = torch.full((400, len(names)), 7.0)
        made = fibrillate(before, names, torch.Generator().manual_seed(0))
        self.assertLess(made[:, names.index("order")].mean(), 0.3)
        self.assertTrue((made[:, names.index("width_1")] == 7.0).all() and (before == 7.0).all())
        self.assertFalse((made[:, [names.index(name) for name in names if name != "width_1"]] == 7.0).any())


class LeadTests(unittest.TestCase):
    NAMES = ["pre_ratio", "irregularity_32", "qrs_surprise_1", "template_p_1", "qrs_surprise_2", "template_p_2"]

    def test_one_lead_of_a_beat_tells_nonsense_and_only_of_the_moment(self):
        generator = torch.Generator().manual_seed(0)
        changed = Leads(self.NAMES, torch.zeros(6), torch.ones(6)).disturb(torch.zeros(300, 6), 0.5, generator) != 0
        self.assertTrue(0.4 < changed.any(1).float().mean() < 0.6)
        self.assertFalse(changed[:, [0, 1, 3, 5]].any() or (changed[:, 2] & changed[:, 4]).any())

    def test_swapped_leads_change_places_and_keep_the_rhythm(self):
        rows = torch.arange(6.0).repeat(100, 1)
        swapped = Leads(self.NAMES, torch.zeros(6), torch.ones(6)).swap(rows, 1.0, torch.Generator())
        torch.testing.assert_close(swapped, torch.tensor([0.0, 1.0, 4.0, 5.0, 2.0, 3.0]).repeat(100, 1))

    def test_turned_lead_turns_beat_and_template_together(self):
        names = ["pre_ratio", "beat_shape0_1", "template_shape0_1"]
        turned = Leads(names, torch.zeros(3), torch.ones(3)).turn(torch.ones(100, 3), 1.0, torch.Generator().manual_seed(0))
        self.assertTrue((turned[:, 1:] < 0).all() and (turned[:, 0] == 1).all())
        torch.testing.assert_close(turned[:, 1], turned[:, 2])

    def test_a_single_lead_stays_as_it_is(self):
        leads, rows = Leads(self.NAMES[:4], torch.zeros(4), torch.ones(4)), torch.ones(50, 4)
        self.assertTrue((leads.swap(rows, 1.0, torch.Generator()) == 1).all() and (leads.disturb(rows, 1.0, torch.Generator()) == 1).all())


class FoldTests(unittest.TestCase):
    def test_records_of_ds1_are_as_listed_and_the_others_spread_their_beats(self):
        names = ["mitdb/101", *(f"svdb/{800 + index}" for index in range(12))]
        record = np.repeat(np.arange(13), 40)
        targets = np.where(np.arange(len(record)) % 40 < 4, S, N)
        folds = folds_of(names, targets, record)
        self.assertIn("101", FOLDS[folds[0]])
        self.assertEqual(np.bincount(folds[1:], minlength=PART_COUNT).tolist(), [2] * PART_COUNT)

    def test_a_record_of_ds2_is_refused(self):
        with self.assertRaisesRegex(ValueError, "mitdb/100"):
            folds_of(["mitdb/100"], np.array([N]), np.array([0]))


class WeightTests(unittest.TestCase):
    def test_a_patient_with_a_hundred_times_the_beats_weighs_little_more(self):
        targets, record = np.array([S] * 101 + [N] * 10 + [2, 3]), np.array([0] + [1] * 100 + [0] * 12)
        weights = weigh(targets, record, Schedule(balance=0.8))
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
        scores /= scores.sum(1, keepdims=True)
        self.assertLess(figures(targets, decide(scores, np.zeros(4)))["svebPp"], 90)
        self.assertGreater(figures(targets, decide(scores, choose_weights(scores, targets, 0 * targets)))["svebPp"], 99)

    def test_each_database_has_the_same_say_in_the_weights(self):
        # Scores of 0.6 to 0.4 mean S in the small one and N in the large one: counted together, the small one's beats would be given up.
        scores = np.array([[0.4, 0.6, 0, 0]] * 20 + [[0.9, 0.1, 0, 0]] * 20 + [[0.4, 0.6, 0, 0]] * 300 + [[0.01, 0.99, 0, 0]] * 300 + [[0, 0, 1, 0]] * 2)
        targets = np.array([S] * 20 + [N] * 320 + [S] * 300 + [V] * 2)
        database = np.array([0] * 40 + [1] * 600 + [0, 1])
        self.assertEqual((decide(scores, choose_weights(scores, targets, database))[:20] == S).mean(), 1.0)
        self.assertEqual((decide(scores, choose_weights(scores, targets, 0 * database))[:20] == S).mean(), 0.0)

    def test_records_with_most_of_a_class_missed_are_told(self):
        targets, record = np.array([V] * 120 + [S] * 40), np.array([0] * 60 + [1] * 60 + [1] * 40)
        predicted = np.where((record == 1) | (targets == S), N, V)
        self.assertEqual(missed_records(targets, predicted, record, ["a", "b"]), ["b: V 0 of 60"])


class NetworkTests(unittest.TestCase):
    def test_served_network_is_the_weighted_mean_of_its_members(self):
        torch.manual_seed(0)
        count = 5 + 4 * POINTS
        network, log_weights = BeatNetwork(count, 4, torch.zeros(count), torch.ones(count), members=3, hidden=8).eval(), torch.tensor([0.0, 1.0, -1.0, 0.5])
        window, features = torch.randn(6, 4, 100), 2 * torch.randn(6, 5)
        values = torch.cat([features, shapes_of(window)], 1)
        mean = torch.stack([network(values)[member].softmax(1) for member in range(3)]).mean(0)
        ectopic = EctopicScore(torch.zeros(5), torch.ones(5))
        share = ectopic(features)[:, 0]
        rest = mean[:, N] + mean[:, S]
        expected = torch.stack([rest * (1 - share), rest * share, mean[:, 2], mean[:, 3]], 1) * log_weights.exp()
        served = ServedNetwork(network, ectopic, log_weights)(window, features)
        torch.testing.assert_close(served, expected / expected.sum(1, keepdim=True))

    def test_shapes_do_not_depend_on_the_size_of_a_lead_and_stay_finite_without_signal(self):
        window = torch.randn(6, 2, 100)
        self.assertLess((shapes_of(100 * window) - shapes_of(window)).abs().max(), 0.1)
        self.assertTrue(shapes_of(torch.full((1, 2, 100), 0.125)).isfinite().all())

    def test_shapes_are_the_beats_and_then_the_templates(self):
        window = torch.zeros(1, 4, 100)
        window[0, 1, 96:] = 1.0  # the second lead's beat, the last point
        self.assertEqual(torch.nonzero(shapes_of(window)[0])[:, 0].tolist(), [2 * POINTS - 1])


if __name__ == "__main__":
    unittest.main()
