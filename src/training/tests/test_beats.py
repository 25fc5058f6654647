"""The beat systems' rules on made-up data: parameter counts, the cut, SMOTE, votes, augmentation."""

from __future__ import annotations

import unittest

import numpy as np
import torch

from beats import data, vote
from beats.augment import Changes, change
from beats.balance import discriminator_network, generator_network, smote
from beats.networks import NETWORKS, Stacker
from beats.ours import Averaged, BeatResNet
from networks import parameter_count

# Worked out by hand from the layers: weights + biases + 2 per normalised channel.
PARAMETERS = {
    "s0": 108_064_452, "s1": 26_827_716, "net1": 1_306_118, "net2": 447_556, "net3": 3_425_158, "net4": 8_724_358, "net6": 1_459_332,
}  # fmt: skip


class Networks(unittest.TestCase):
    def test_parameter_counts(self):
        self.assertIs(NETWORKS["net5"], NETWORKS["s0"])
        for name in PARAMETERS:
            self.assertEqual(parameter_count(NETWORKS[name](4)), PARAMETERS[name], name)
        self.assertEqual(parameter_count(Stacker(6, 4)), (24 * 64 + 64) + 128 + (64 * 128 + 128) + 256 + (128 * 4 + 4))

    def test_gan_shapes_and_counts(self):
        widths = [100, 64, 128, 256, 512, 1024, 205]
        dense = sum(a * b + b for a, b in zip(widths, widths[1:]))
        self.assertEqual(parameter_count(generator_network()), dense + 2 * (128 + 256 + 512 + 1024))
        self.assertEqual(tuple(generator_network().eval()(torch.zeros(3, 100)).shape), (3, 205))
        self.assertEqual(parameter_count(discriminator_network()), 205 * 512 + 512 + 512 * 256 + 256 + 257)

    def test_one_step_lstm_equals_pytorchs(self):
        torch.manual_seed(0)
        lstm, inputs = NETWORKS["net4"](4).lstm, torch.randn(3, 1024)
        expected = torch.nn.LSTM.forward(lstm, inputs[None])[0][0]
        self.assertLess(float((lstm(inputs) - expected).abs().max()), 1e-6)

    def test_ours_is_small_and_gives_finite_scores_of_a_flat_beat(self):
        networks = [BeatResNet(5, (32, 48, 64, 96), (9, 7, 5, 5), 0.1).eval() for _ in range(3)]
        self.assertLess(sum(parameter_count(network) for network in networks) * 4, 3_000_000)
        with torch.no_grad():
            scores = Averaged(networks, 1.0)(torch.zeros(2, 1, 205))
        self.assertTrue(torch.isfinite(scores).all())
        self.assertTrue(torch.allclose(scores.sum(1), torch.ones(2)))


class Cut(unittest.TestCase):
    def test_length_is_1_2_medians_of_the_last_8_rr_and_the_first_beat_has_none(self):
        peaks = np.cumsum([100, 400, 500, 410, 400])
        # medians: 400; (400+500)/2; 410 of 400, 500, 410; 405
        self.assertEqual(data.cut_lengths(peaks).tolist(), [0, 480, 540, 492, 486])

    def test_only_eight_intervals_count_and_the_longest_cut_is_820_samples(self):
        peaks = np.cumsum([0] + [300] * 9 + [900] * 8)
        self.assertEqual(data.cut_lengths(peaks)[-1], 820)
        self.assertEqual(data.cut_lengths(peaks)[9], 360)

    def test_the_future_changes_no_length(self):
        generator = np.random.default_rng(3)
        peaks = np.cumsum(generator.integers(150, 700, 40))
        for count in (2, 9, 25):
            self.assertEqual(data.cut_lengths(peaks)[:count].tolist(), data.cut_lengths(peaks[:count]).tolist())

    def test_rows_span_0_to_1_and_end_in_zeros(self):
        stream = np.random.default_rng(4).standard_normal(3000).astype(np.float32)
        rows, kept = data.cut_beats(stream, np.asarray([10, 400, 800, 1300, 2900]))
        self.assertEqual(kept.tolist(), [1, 2, 3])  # the first has no RR, the last ends beyond the stream
        self.assertEqual(rows.shape, (3, 205))
        self.assertTrue((rows.min(1) == 0).all() and (rows.max(1) == 1).all())
        self.assertEqual(np.flatnonzero(rows[0])[-1] + 1, int(np.ceil(468 / 4)))

    def test_peaks_are_the_largest_deflection_near_the_annotation(self):
        stream = np.zeros(500)
        stream[[200, 260]] = [-2.0, 5.0]  # 60 samples off is out of reach
        self.assertEqual(data.r_peaks(stream, np.asarray([190])).tolist(), [200])


class Balance(unittest.TestCase):
    def test_smote_evens_the_classes_with_points_between_neighbours(self):
        generator = np.random.default_rng(0)
        signals = np.concatenate([generator.random((30, 5)), 5 + generator.random((4, 5))]).astype(np.float32)
        labels = np.repeat([0, 1], [30, 4])
        made, kinds = smote(signals, labels, None, 5, 1)
        self.assertEqual(np.bincount(kinds).tolist(), [30, 30])
        self.assertTrue((made[:30] == signals[:30]).all())
        rare = made[kinds == 1]
        self.assertTrue((rare >= signals[30:].min(0)).all() and (rare <= signals[30:].max(0)).all())
        again, _ = smote(signals, labels, None, 5, 1)
        self.assertTrue((made == again).all())

    def test_smote_draws_down_large_classes_and_repeats_a_lonely_row(self):
        made, kinds = smote(np.arange(22, dtype=np.float32).reshape(11, 2), np.repeat([0, 1], [10, 1]), 4, 5, 0)
        self.assertEqual(np.bincount(kinds).tolist(), [4, 4])
        self.assertTrue((made[kinds == 1] == [20, 21]).all())


class Votes(unittest.TestCase):
    def test_ordered_vote_takes_the_first_class_over_the_threshold_and_else_leaves_the_row(self):
        scores = np.asarray([[0.5, 0.5, 0, 0], [0.49, 0.3, 0.21, 0], [0.4, 0.1, 0, 0.5]], dtype=np.float32)
        voted = vote.ordered(scores, [1, 2, 3, 0], 0.49)
        self.assertEqual(voted[0].tolist(), [0, 1, 0, 0])
        self.assertTrue((voted[1] == scores[1]).all())
        self.assertEqual(voted[2].tolist(), [0, 0, 0, 1])

    def test_snap_is_strict_and_renormalises_nothing(self):
        self.assertTrue((vote.snap(np.asarray([[0.1, 0.9, 0.05, 0.95]], np.float32), 0.1, 0.9) == np.asarray([[0.1, 0.9, 0, 1]], np.float32)).all())


class Augment(unittest.TestCase):
    def test_changed_beats_keep_the_format(self):
        batch = torch.zeros(50, 205)
        batch[:, :100] = torch.rand(50, 100, generator=torch.Generator().manual_seed(1))
        made = change(batch, Changes(), torch.Generator().manual_seed(2))
        self.assertTrue(torch.isfinite(made).all())
        self.assertTrue((made.amin(1) == 0).all() and (made.amax(1) <= 1).all() and (made.amax(1) > 0.99).all())
        self.assertTrue((made[:, 125:] == 0).all())  # 99 samples, 2 of shift, a quarter of stretch at most


if __name__ == "__main__":
    unittest.main()
