namespace EcgStream.Evaluation.Ec57;

/// <summary>
/// Pairs the beats of a reference and a test annotator as the standard's comparator (bxb of WFDB) does: going through both at once, the earlier of the two
/// next beats is paired with the other when it lies within the match window and no later beat lies nearer; else it is paired with none. Beats of the test within the
/// reference's ventricular fibrillation count for nothing.
/// </summary>
internal static class BeatComparison
{
    /// <summary>Compares two tracks over a span.</summary>
    /// <param name="mismatches">Gets each pair whose labels differ; null when nobody asks.</param>
    public static BeatTable Compare(BeatTrack reference, BeatTrack test, ScoredSpan span, double sampleRateHz, List<BeatMismatch>? mismatches = null)
    {
        var walk = new Walk(reference, test, span.Match, mismatches);
        walk.Begin(span.Start);
        while (walk.ReferenceAt <= span.End || walk.TestAt <= span.End)
        {
            walk.Step();
        }

        foreach (var stretch in test.ShutdownStretches)
        {
            walk.Table.ShutdownSeconds += Math.Max(0, Math.Min(stretch.End, span.End) - stretch.Start) / sampleRateHz;
        }

        walk.Table.CloseIntervals(sampleRateHz);
        return walk.Table;
    }

    private sealed class Walk(BeatTrack reference, BeatTrack test, long match, List<BeatMismatch>? mismatches)
    {
        private int _reference;
        private int _test;

        public BeatTable Table { get; } = new();

        public long ReferenceAt => reference.At(_reference);

        public long TestAt => test.At(_test);

        /// <summary>The first beats behind the learning period; a test beat just before it may still belong to the first beat of the reference.</summary>
        public void Begin(long start)
        {
            while (reference.At(_reference) < start)
            {
                _reference++;
            }

            while (test.At(_test) < start)
            {
                _test++;
            }

            // Without a beat in the learning period the comparator takes its beginning for one.
            var before = _test > 0 ? test.At(_test - 1) : 0;
            var distance = ReferenceAt - before;
            if (distance < Math.Abs(ReferenceAt - TestAt) && distance <= match)
            {
                if (_test > 0)
                {
                    _test--;
                    PairBoth();
                }
                else
                {
                    _reference++;
                }
            }
            else if (TestAt - start <= match && Math.Abs(ReferenceAt - test.At(_test + 1)) < Math.Abs(ReferenceAt - TestAt))
            {
                // Its partner may have been in the learning period.
                _test++;
            }
        }

        public void Step()
        {
            var (at, testAt) = (ReferenceAt, TestAt);
            if (testAt < at)
            {
                if (at - testAt <= match && at - testAt < Math.Abs(at - test.At(_test + 1)))
                {
                    PairBoth();
                }
                else
                {
                    PairExtra();
                }
            }
            else if (testAt - at <= match && testAt - at < Math.Abs(testAt - reference.At(_reference + 1)))
            {
                PairBoth();
            }
            else
            {
                Count(reference.Label(_reference), test.InShutdown(at) ? BeatLabel.X : BeatLabel.O, at);
                _reference++;
            }
        }

        private void PairBoth()
        {
            Count(reference.Label(_reference), test.Label(_test), TestAt);
            _reference++;
            _test++;
        }

        private void PairExtra()
        {
            var at = TestAt;
            if (reference.InFibrillation(at))
            {
                AddIntervals();
            }
            else
            {
                Count(reference.InShutdown(at) ? BeatLabel.X : BeatLabel.O, test.Label(_test), at);
            }

            _test++;
        }

        private void Count(BeatLabel ofReference, BeatLabel ofTest, long at)
        {
            Table.Add(ofReference, ofTest);
            if (ofReference != ofTest)
            {
                mismatches?.Add(new BeatMismatch(at, ofReference, ofTest));
            }

            AddIntervals();
        }

        // The comparator takes the two current intervals at every pair, a beat paired with none included: a missed beat is an error of the rhythm, too.
        private void AddIntervals()
        {
            if (reference.Interval(_reference) is { } interval and > 0 && test.Interval(_test) is { } other and > 0)
            {
                Table.AddIntervalError(interval - other);
            }
        }
    }
}
