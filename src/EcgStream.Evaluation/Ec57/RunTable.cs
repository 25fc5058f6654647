namespace EcgStream.Evaluation.Ec57;

/// <summary>Runs of one kind, by their length in the reference and in the test, up to 6; and the statistics over couplets, short (3 to 5) and long runs (6 and more).</summary>
internal sealed class RunTable
{
    /// <summary>Lengths are not told apart from here on.</summary>
    public const int Longest = 6;

    private readonly long[,] _byReference = new long[Longest + 1, Longest + 1];
    private readonly long[,] _byTest = new long[Longest + 1, Longest + 1];

    public Ratio CoupletSensitivity => Share(_byReference, 2, 2, 2, Longest, byReference: true);

    public Ratio CoupletPredictivity => Share(_byTest, 2, 2, 2, Longest, byReference: false);

    public Ratio ShortSensitivity => Share(_byReference, 3, 5, 3, Longest, byReference: true);

    public Ratio ShortPredictivity => Share(_byTest, 3, 5, 3, Longest, byReference: false);

    public Ratio LongSensitivity => Share(_byReference, Longest, Longest, Longest, Longest, byReference: true);

    public Ratio LongPredictivity => Share(_byTest, Longest, Longest, Longest, Longest, byReference: false);

    /// <summary>Counts a run of the reference, with the longest that the test has in its place.</summary>
    public void AddOfReference(int reference, int test) => _byReference[reference, test]++;

    /// <summary>Counts a run of the test, with the longest that the reference has in its place.</summary>
    public void AddOfTest(int reference, int test) => _byTest[reference, test]++;

    public void Add(RunTable other)
    {
        for (var reference = 0; reference <= Longest; reference++)
        {
            for (var test = 0; test <= Longest; test++)
            {
                _byReference[reference, test] += other._byReference[reference, test];
                _byTest[reference, test] += other._byTest[reference, test];
            }
        }
    }

    // Of the runs whose length on their own side is from..to, those that the other side has at least one of the same class in place of.
    private static Ratio Share(long[,] table, int from, int to, int least, int most, bool byReference)
    {
        long hits = 0, all = 0;
        for (var own = from; own <= to; own++)
        {
            for (var other = 0; other <= Longest; other++)
            {
                var count = byReference ? table[own, other] : table[other, own];
                all += count;
                hits += other >= least && other <= most ? count : 0;
            }
        }

        return new Ratio(hits, all);
    }
}
