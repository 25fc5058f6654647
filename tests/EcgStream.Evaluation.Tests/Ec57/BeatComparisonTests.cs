using EcgStream.Evaluation.Ec57;

namespace EcgStream.Evaluation.Tests.Ec57;

public sealed class BeatComparisonTests
{
    private const int S = Tracks.Start;

    [Theory]
    [InlineData(54, 1, 0, 0)]
    [InlineData(-54, 1, 0, 0)]
    [InlineData(55, 0, 1, 1)]
    [InlineData(-55, 0, 1, 1)]
    public void Compare_AtTheEdgeOfTheWindow_MatchesUpTo150Milliseconds(int shift, int matched, int missed, int extra)
    {
        var table = Tracks.Compare(Tracks.Beats(('N', 1000), ('N', S + 1000)), Tracks.Beats(('N', 1000), ('N', S + 1000 + shift)));

        Assert.Equal((matched, missed, extra), (table.Matched, table.Missed, table.Extra));
    }

    [Fact]
    public void Compare_LearningPeriod_CountsForNothing()
    {
        var table = Tracks.Compare(Tracks.Beats(('N', 1000), ('V', 50_000), ('N', S + 500)), Tracks.Beats(('N', 70_000), ('N', 80_000), ('N', S + 500)));

        Assert.Equal((1, 0, 0), (table.Matched, table.Missed, table.Extra));
    }

    [Fact]
    public void Compare_TestBeatJustBeforeTheSpan_StillMatchesTheFirstBeat()
    {
        var table = Tracks.Compare(Tracks.Beats(('N', 1000), ('V', S + 5), ('N', S + 400)), Tracks.Beats(('N', 1000), ('V', S - 20), ('N', S + 400)));

        Assert.Equal((2, 0, 0), (table.Matched, table.Missed, table.Extra));
        Assert.Equal(1, table[BeatLabel.V, BeatLabel.V]);
    }

    [Fact]
    public void Compare_TestBeatJustBehindTheStartWhosePartnerIsBefore_IsNotCounted()
    {
        var table = Tracks.Compare(Tracks.Beats(('N', S - 20), ('N', S + 400)), Tracks.Beats(('N', 1000), ('N', S + 5), ('N', S + 402)));

        Assert.Equal((1, 0, 0), (table.Matched, table.Missed, table.Extra));
    }

    [Fact]
    public void Compare_TwoTestBeatsInTheWindow_TakesTheNearer()
    {
        var table = Tracks.Compare(Tracks.Beats(('N', 1000), ('N', S + 1000)), Tracks.Beats(('N', 1000), ('V', S + 960), ('N', S + 1005)));

        Assert.Equal((1, 1), (table[BeatLabel.N, BeatLabel.N], table[BeatLabel.O, BeatLabel.V]));
    }

    [Fact]
    public void Compare_BeatsInFlutter_CountNeitherWay()
    {
        var reference = Tracks.Beats(('N', 1000), ('N', S + 500), ('[', S + 900), ('V', S + 1000), (']', S + 2000), ('N', S + 2300));
        var table = Tracks.Compare(reference, Tracks.Beats(('N', 1000), ('N', S + 500), ('V', S + 1200), ('V', S + 1500), ('N', S + 2300)));

        Assert.Equal((2, 0, 0), (table.Matched, table.Missed, table.Extra));
    }

    [Fact]
    public void Compare_BeatsInTheTestsShutdown_AreMissedAndCountedApart()
    {
        var test = Tracks.Beats(('N', 1000), ('N', S + 500), ('#', S + 700), ('~', S + 1420), ('N', S + 2000));
        var table = Tracks.Compare(Tracks.Beats(('N', 1000), ('N', S + 500), ('N', S + 900), ('V', S + 1300), ('N', S + 1500), ('N', S + 2000)), test);

        Assert.Equal((2, 3, 2), (table.Matched, table.Missed, table.MissedInShutdown));
        Assert.Equal(1, table[BeatLabel.V, BeatLabel.X]);
        Assert.Equal(2.0, table.ShutdownSeconds, 9);
    }

    [Fact]
    public void Compare_ExtraBeatInTheReferencesShutdown_IsPairedWithUnreadable()
    {
        var reference = Tracks.Beats(('N', 1000), ('N', S + 500), ('#', S + 700), ('~', S + 1420), ('N', S + 2000));
        var table = Tracks.Compare(reference, Tracks.Beats(('N', 1000), ('N', S + 500), ('N', S + 1000), ('N', S + 2000)));

        Assert.Equal(1, table[BeatLabel.X, BeatLabel.N]);
        Assert.Equal(1, table.Extra);
    }

    [Fact]
    public void Statistics_FollowTheStandardsDefinitions()
    {
        // N N N S S V V V F F Q against n v o s n v n o v f v, and one extra v and s.
        (char, long)[] reference = [('N', 0), ('N', 1), ('N', 2), ('A', 3), ('J', 4), ('V', 5), ('E', 6), ('V', 7), ('F', 8), ('F', 9), ('Q', 10)];
        (char, long)[] test = [('N', 0), ('V', 1), ('S', 3), ('N', 4), ('V', 5), ('N', 6), ('V', 8), ('F', 9), ('V', 10), ('V', 11), ('S', 12)];
        var table = Tracks.Compare(At(reference), At(test));

        Assert.Equal(new Ratio(9, 11), table.QrsSensitivity);
        Assert.Equal(new Ratio(9, 11), table.QrsPredictivity);
        Assert.Equal(new Ratio(1, 3), table.VebSensitivity);
        Assert.Equal(new Ratio(1, 3), table.VebPredictivity);
        Assert.Equal(new Ratio(1, 2), table.SvebSensitivity);
        Assert.Equal(new Ratio(1, 2), table.SvebPredictivity);
        Assert.Equal(new Ratio(2, 7), table.VebFalsePositiveRate);

        static BeatTrack At((char Symbol, long Index)[] beats) => Tracks.Beats([('N', 1000), .. beats.Select(beat => (beat.Symbol, S + 500 + (400 * beat.Index)))]);
    }

    [Theory]
    [InlineData('j', true, 'S')]
    [InlineData('e', true, 'S')]
    [InlineData('n', false, 'N')]
    [InlineData('E', false, 'V')]
    [InlineData('a', false, 'S')]
    [InlineData('L', false, 'N')]
    [InlineData('/', false, 'Q')]
    [InlineData('f', false, 'Q')]
    [InlineData('!', false, 'O')]
    public void Label_OfEachKind_IsTheStandards(char symbol, bool escapesAreEctopic, char expected) => Assert.Equal(
        expected.ToString(), Tracks.Annotations((symbol, 1))[0].Code.Label(escapesAreEctopic ? EscapeBeats.Supraventricular : EscapeBeats.Normal).ToString());

    [Fact]
    public void IntervalError_ConstantDelay_IsZeroAndJitterIsNot()
    {
        var reference = Regular(_ => 0);

        Assert.Equal(0, Tracks.Compare(reference, Regular(_ => 7)).IntervalErrorMs!.Value, 9);

        // Every other beat 9 samples late: each interval is 9 samples off.
        Assert.Equal(9 * 1000 / Tracks.Rate, Tracks.Compare(reference, Regular(index => 9 * (index % 2))).IntervalErrorMs!.Value, 6);

        static BeatTrack Regular(Func<int, int> shift) => Tracks.Beats([.. Enumerable.Range(1, 700).Select(index => ('N', (300L * index) + shift(index)))]);
    }

    [Fact]
    public void Compare_RandomTracks_AgreesWithNaivePairing()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var reference = new List<(char, long)> { ('N', 1000) };
            var test = new List<(char, long)> { ('N', 1000) };
            int matched = 0, missed = 0, extra = 0;

            // Beats over 400 ms apart on each side: pairing is then a matter of each beat alone.
            for (long at = S + 200; at < 215_000; at += random.Next(330, 600))
            {
                switch (random.Next(10))
                {
                    case 0:
                        reference.Add(('N', at));
                        missed++;
                        break;
                    case 1:
                        test.Add(('V', at));
                        extra++;
                        break;
                    default:
                        reference.Add(("NVAFQ"[random.Next(5)], at));
                        test.Add(("NVSFQ"[random.Next(5)], at + random.Next(-54, 55)));
                        matched++;
                        break;
                }
            }

            var table = Tracks.Compare(Tracks.Beats([.. reference]), Tracks.Beats([.. test]));

            Assert.True((matched, missed, extra) == (table.Matched, table.Missed, table.Extra), $"seed {seed}: {table.Matched} {table.Missed} {table.Extra}");
        }
    }

    [Fact]
    public void Compare_AnyTracks_CountsEachBeatOnce()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var reference = Dense(random);
            var test = Dense(random);
            var table = Tracks.Compare(Tracks.Beats(reference), Tracks.Beats(test));
            var beats = reference.Count(beat => beat.At >= S);
            var found = test.Count(beat => beat.At >= S);

            Assert.True(table.Matched + table.Missed == beats, $"seed {seed}: {table.Matched} + {table.Missed} of {beats}");

            // At the begin one of the test's beats may go to the learning period or come from it.
            Assert.True(Math.Abs(table.Matched + table.Extra - found) <= 1, $"seed {seed}: {table.Matched} + {table.Extra} of {found}");
        }

        static (char Symbol, long At)[] Dense(Random random)
        {
            var beats = new List<(char, long)>();
            for (long at = 1000; at < 215_000; at += random.Next(20, 400))
            {
                beats.Add(("NV"[random.Next(2)], at));
            }

            return [.. beats];
        }
    }
}
