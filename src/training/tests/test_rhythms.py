"""The 12-lead systems' own rules: the label table, folds by patient, the drawn picture, S4's size, exported graphs, fast records."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

import export
import findings
from datasets import Record, without_copies
from findings import TWELVE, findings_of, twelve_of
from folds import grouped_folds
from networks import PublishedConv1d, RhythmResNet, parameter_count
from rhythms import measure, s3, s4
from rhythms.drawing import COLUMNS, LEADS, PIXELS_PER_MILLIVOLT, SAMPLES, SIZE, STRIP, Drawing
from rhythms.image_networks import PictureNetwork
from synthetic import twelve_lead
from tachycardia import played_faster, r_peaks


class Labels(unittest.TestCase):
    def test_twelve_of_normal_beside_an_abnormality_is_not_normal(self):
        target = twelve_of([("SCP", "NORM"), ("SCP", "SARRH"), ("SCP", "SR")])
        self.assertEqual([TWELVE[i] for i in np.flatnonzero(target)], ["sinus_arrhythmia"])

    def test_twelve_of_a_code_of_two_labels_sets_both(self):
        target = twelve_of([("SNOMED", "428750005")])
        self.assertEqual({TWELVE[i] for i in np.flatnonzero(target)}, {"st_change", "t_wave_change"})

    def test_a_code_outside_the_table_stops_the_reader(self):
        for read in (twelve_of, findings_of):
            with self.assertRaises(KeyError):
                read([("SNOMED", "1")])

    def test_every_label_but_no_more_is_reached_by_the_table(self):
        reached = {name for names in findings._LABELS.values() for name in names}
        self.assertEqual(reached, set(TWELVE))


class Splits(unittest.TestCase):
    def test_without_copies_keeps_the_first_and_joins_the_owners(self):
        rng = np.random.default_rng(0)
        signal, other = rng.normal(size=(12, 5000)), rng.normal(size=(12, 5000))
        records = [Record("a", signal, None, "p1"), Record("b", other, None, "p2"), Record("c", signal.copy(), None, "p2")]
        kept, groups = without_copies(records)
        self.assertEqual([record.name for record in kept], ["a", "b"])
        self.assertEqual(len(set(groups)), 1)

    def test_grouped_folds_keep_patients_together_and_spread_a_rare_label(self):
        rng = np.random.default_rng(1)
        targets = (rng.random((300, 3)) < (0.5, 0.1, 0.05)).astype(np.float32)
        groups = [f"p{rng.integers(200)}" for _ in range(300)]
        fold_of = grouped_folds(targets, groups)
        for name in set(groups):
            self.assertEqual(len({fold for fold, group in zip(fold_of, groups) if group == name}), 1)
        for column in range(3):
            counts = [targets[fold_of == fold, column].sum() for fold in range(5)]
            self.assertLessEqual(max(counts) - min(counts), 0.25 * max(counts) + 3)


class Picture(unittest.TestCase):
    def test_flat_leads_draw_one_pixel_of_ink_in_every_column_of_their_strip(self):
        page = Drawing()(torch.zeros(1, LEADS, SAMPLES))
        self.assertEqual(page.shape, (1, 1, SIZE, SIZE))
        self.assertTrue(torch.allclose(page[0, 0].sum(0)[7 : 7 + COLUMNS], torch.full((COLUMNS,), float(LEADS)), atol=1e-4))
        self.assertEqual(float(page[0, 0, :, :7].sum() + page[0, 0, :, 7 + COLUMNS :].sum()), 0.0)

    def test_a_step_is_drawn_at_its_height_and_joins_its_levels(self):
        window = torch.zeros(1, LEADS, SAMPLES)
        window[0, 1, 2504:] = 0.5
        strip = Drawing()(window)[0, 0, 2 + STRIP : 2 + 2 * STRIP, 7 : 7 + COLUMNS]
        row = torch.arange(STRIP) + 0.5
        height = (strip * row[:, None]).sum(0) / strip.sum(0)
        self.assertAlmostEqual(float(height[100] - height[500]), 0.5 * PIXELS_PER_MILLIVOLT, places=3)
        self.assertAlmostEqual(float(strip[:, 312].sum()), 0.5 * PIXELS_PER_MILLIVOLT + 1.0, places=3)  # 2496 to 2504: the joining stroke

    def test_what_leaves_its_strip_does_not_reach_the_next(self):
        window = torch.zeros(1, LEADS, SAMPLES)
        window[0, 0] = -50.0
        page = Drawing()(window)[0, 0]
        self.assertTrue(torch.allclose(page[2 : 2 + STRIP].sum(0)[7 : 7 + COLUMNS], torch.ones(COLUMNS)))

    def test_exported_graph_draws_and_scores_as_the_module(self):
        torch.manual_seed(0)
        served = s3.Served(PictureNetwork("small", {s3.BINARY: 2, s3.LABELS: 12}), s3.BINARY).eval()
        with tempfile.TemporaryDirectory() as folder:
            export.write_onnx(served, LEADS, Path(folder) / "model.onnx", SAMPLES)  # compares, to 1e-5
            self.assertLess((Path(folder) / "model.onnx").stat().st_size, 5_000_000)


class Networks(unittest.TestCase):
    def test_s4_has_the_published_parameters_and_exports_its_scaling(self):
        torch.manual_seed(0)
        network = PublishedConv1d()
        self.assertEqual(parameter_count(network), 344_482)
        with tempfile.TemporaryDirectory() as folder:
            export.write_onnx(s4.Served(network).eval(), 12, Path(folder) / "model.onnx", 5000)

    def test_s4_scaling_divides_by_the_signed_maximum(self):
        window = torch.tensor([[[1.0, 2.0, 6.0], [-6.0, -2.0, -1.0]]])
        expected = torch.tensor([[[-2 / 3, -1 / 3, 1.0], [-1.5, 0.5, 1.0]]])
        self.assertTrue(torch.allclose(s4.scaled(window), expected, atol=1e-6))

    def test_rhythm_features_follow_the_rate_and_not_the_phase(self):
        torch.manual_seed(0)
        network = RhythmResNet(1, (8, 8, 8, 8), (7, 7, 5, 5), 0.1, {"x": 2}).eval().rhythm
        time = torch.arange(1250) / 125

        def beats(rate, phase):
            return torch.exp(-(((time * rate + phase) % 1 - 0.5) ** 2) / 0.0005).reshape(1, 1, -1)

        with torch.no_grad():
            same, moved, faster = (network(beats(*case)) for case in ((1.2, 0.0), (1.2, 0.4), (2.0, 0.0)))
        self.assertLess(float((same - moved).abs().max()), 0.25 * float((same - faster).abs().max()))

    def test_multi_label_export_is_the_mean_of_the_members_first_labels(self):
        torch.manual_seed(0)
        members = [RhythmResNet(8, (8, 8, 8, 8), (7, 7, 5, 5), 0.1, {"x": 5}).eval() for _ in range(2)]
        window = torch.randn(3, 8, 1250)
        with torch.no_grad():
            expected = sum((member(window, "x")[:, :3] / 1.5).sigmoid() for member in members) / 2
            made = export.MultiLabel(members, "x", 1.5, 3)(window)
        self.assertTrue(torch.allclose(made, expected, atol=1e-6))


class Measures(unittest.TestCase):
    def test_roc_auc_with_weights_equals_repeated_rows(self):
        rng = np.random.default_rng(2)
        score, label, weights = np.round(rng.random(60), 1), rng.integers(0, 2, 60), rng.integers(0, 4, 60)
        rows = np.repeat(np.arange(60), weights)
        pairs = [(a > b) + 0.5 * (a == b) for a in score[rows][label[rows] == 1] for b in score[rows][label[rows] == 0]]
        self.assertAlmostEqual(measure.roc_auc(score, label, weights.astype(float)), np.mean(pairs))

    def test_cross_fitted_never_looks_at_the_fold_it_decides(self):
        rng = np.random.default_rng(3)
        scores, fold_of = rng.random((100, 1)), np.arange(100) % 5
        truth = scores > 0.6
        decided = measure.cross_fitted(scores, truth, fold_of)
        changed = truth.copy()
        changed[fold_of == 2] = ~changed[fold_of == 2]
        self.assertTrue((measure.cross_fitted(scores, changed, fold_of)[fold_of == 2] == decided[fold_of == 2]).all())

    def test_binary_calibration_of_a_perfect_and_of_a_boastful_score(self):
        truth = np.repeat([0, 1], 50)
        self.assertAlmostEqual(measure.binary_calibration(np.full(100, 0.5), truth)[0], 0.0)
        self.assertAlmostEqual(measure.binary_calibration(np.full(100, 0.95), truth)[0], 0.45)


class Tachycardia(unittest.TestCase):
    def test_played_faster_gives_a_regular_fast_record_of_ten_seconds(self):
        record = twelve_lead(10.0, 1, "sinus", 0.0)
        faster = played_faster(record, np.random.default_rng(0))
        self.assertIsNotNone(faster)
        self.assertGreaterEqual(faster.shape[1], 5000)
        gaps = np.diff(r_peaks(faster)) / 500
        self.assertGreater(60 / np.median(gaps), 100)
        self.assertLess(gaps.std() / gaps.mean(), 0.15)

    def test_played_faster_refuses_an_irregular_record(self):
        self.assertIsNone(played_faster(twelve_lead(10.0, 2, "af", 0.0), np.random.default_rng(0)))


if __name__ == "__main__":
    unittest.main()
