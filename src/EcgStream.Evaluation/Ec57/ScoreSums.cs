namespace EcgStream.Evaluation.Ec57;

/// <summary>Gross (all beats count alike) and average (all records count alike) statistics of a set of records, as sumstats makes them.</summary>
internal sealed class ScoreSums
{
    private readonly List<RecordScore> _records;

    public ScoreSums(IEnumerable<RecordScore> records)
    {
        _records = [.. records];
        foreach (var record in _records)
        {
            Gross.Add(record.Beats);
            GrossEscapesNormal.Add(record.BeatsEscapesNormal);
            VentricularRuns.Add(record.VentricularRuns);
            SupraventricularRuns.Add(record.SupraventricularRuns);
        }
    }

    public int Count => _records.Count;

    public BeatTable Gross { get; } = new();

    public BeatTable GrossEscapesNormal { get; } = new();

    public RunTable VentricularRuns { get; } = new();

    public RunTable SupraventricularRuns { get; } = new();

    /// <summary>Mean over the records in which the statistic is defined; null when it is in none.</summary>
    public double? Average(Func<RecordScore, double?> statistic)
    {
        double[] values = [.. _records.Select(statistic).OfType<double>()];
        return values.Length > 0 ? values.Average() : null;
    }
}
