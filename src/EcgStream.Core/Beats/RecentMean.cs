namespace EcgStream.Core.Beats;

/// <summary>Mean of the last eight values.</summary>
internal sealed class RecentMean
{
    private const int Kept = 8;

    private readonly double[] _values = new double[Kept];
    private int _next;

    public int Count { get; private set; }

    /// <summary>0 when there is none.</summary>
    public double Value { get; private set; }

    public void Clear()
    {
        Count = 0;
        _next = 0;
        Value = 0;
    }

    public void Add(double value)
    {
        _values[_next] = value;
        _next = (_next + 1) % Kept;
        Count = Math.Min(Kept, Count + 1);
        var sum = 0.0;
        for (var index = 0; index < Count; index++)
        {
            sum += _values[index];
        }

        Value = sum / Count;
    }
}
