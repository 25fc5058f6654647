namespace EcgStream.Evaluation.Ec57;

/// <summary>
/// Counts of beat pairs, reference by test, and the statistics of EC57 over them. What the sums leave out is the comparator's rule: a fusion or unknown beat called
/// ventricular is no false VEB, an unknown beat called supraventricular no false SVEB.
/// </summary>
internal sealed class BeatTable
{
    private const int Labels = 7;
    private const int Classes = 5;

    private readonly long[] _pairs = new long[Labels * Labels];

    public long this[BeatLabel reference, BeatLabel test] => _pairs[((int)reference * Labels) + (int)test];

    /// <summary>Sum of squared differences of RR intervals, samples².</summary>
    public double SquaredIntervalErrors { get; private set; }

    public long IntervalErrors { get; private set; }

    /// <summary>Seconds that the test annotator declared unreadable.</summary>
    public double ShutdownSeconds { get; set; }

    public double? IntervalErrorMs { get; private set; }

    public Ratio QrsSensitivity => new(Matched, Matched + Missed);

    public Ratio QrsPredictivity => new(Matched, Matched + Extra);

    public Ratio VebSensitivity => new(this[BeatLabel.V, BeatLabel.V], Row(BeatLabel.V));

    public Ratio VebPredictivity => new(this[BeatLabel.V, BeatLabel.V], this[BeatLabel.V, BeatLabel.V] + FalseVeb);

    /// <summary>False VEBs of all that were no VEB.</summary>
    public Ratio VebFalsePositiveRate => new(FalseVeb, FalseVeb + RowsWithout(BeatLabel.V));

    public Ratio SvebSensitivity => new(this[BeatLabel.S, BeatLabel.S], Row(BeatLabel.S));

    public Ratio SvebPredictivity => new(this[BeatLabel.S, BeatLabel.S], this[BeatLabel.S, BeatLabel.S] + FalseSveb);

    public Ratio SvebFalsePositiveRate => new(FalseSveb, FalseSveb + RowsWithout(BeatLabel.S));

    /// <summary>Beats of the reference.</summary>
    public long Beats => Matched + Missed;

    public long Missed => Sum(Classes, (reference, _) => this[reference, BeatLabel.O] + this[reference, BeatLabel.X], 1);

    public long MissedInShutdown => Sum(Classes, (reference, _) => this[reference, BeatLabel.X], 1);

    public long Extra => Sum(1, (_, test) => this[BeatLabel.O, test] + this[BeatLabel.X, test], Classes);

    public long Matched => Sum(Classes, (reference, test) => this[reference, test], Classes);

    private long FalseVeb => this[BeatLabel.N, BeatLabel.V] + this[BeatLabel.S, BeatLabel.V] + this[BeatLabel.O, BeatLabel.V] + this[BeatLabel.X, BeatLabel.V];

    private long FalseSveb => this[BeatLabel.N, BeatLabel.S] + this[BeatLabel.V, BeatLabel.S] + this[BeatLabel.F, BeatLabel.S]
        + this[BeatLabel.O, BeatLabel.S] + this[BeatLabel.X, BeatLabel.S];

    public void Add(BeatLabel reference, BeatLabel test) => _pairs[((int)reference * Labels) + (int)test]++;

    public void AddIntervalError(double samples)
    {
        SquaredIntervalErrors += samples * samples;
        IntervalErrors++;
    }

    /// <summary>Gives the interval error its unit, once all pairs are in.</summary>
    public void CloseIntervals(double sampleRateHz) =>
        IntervalErrorMs = IntervalErrors > 0 ? Math.Sqrt(SquaredIntervalErrors / IntervalErrors) * 1000 / sampleRateHz : null;

    /// <summary>Adds another record's counts, for the gross statistics.</summary>
    public void Add(BeatTable other)
    {
        for (var index = 0; index < _pairs.Length; index++)
        {
            _pairs[index] += other._pairs[index];
        }

        ShutdownSeconds += other.ShutdownSeconds;
    }

    private long Row(BeatLabel reference)
    {
        var sum = 0L;
        for (var test = BeatLabel.N; test <= BeatLabel.X; test++)
        {
            sum += this[reference, test];
        }

        return sum;
    }

    // Pairs whose reference is not of a class and whose test is not either, missed beats apart: what the class rightly was not called for.
    private long RowsWithout(BeatLabel label)
    {
        var sum = 0L;
        for (var reference = BeatLabel.N; reference <= BeatLabel.X; reference++)
        {
            for (var test = BeatLabel.N; test <= BeatLabel.Q; test++)
            {
                sum += reference != label && test != label ? this[reference, test] : 0;
            }
        }

        return sum;
    }

    private static long Sum(int references, Func<BeatLabel, BeatLabel, long> count, int tests)
    {
        var sum = 0L;
        for (var reference = 0; reference < references; reference++)
        {
            for (var test = 0; test < tests; test++)
            {
                sum += count((BeatLabel)reference, (BeatLabel)test);
            }
        }

        return sum;
    }
}
