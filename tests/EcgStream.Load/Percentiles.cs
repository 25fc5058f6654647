namespace EcgStream.Load;

/// <summary>Keeps every value of a run and reads percentiles off at its end. Any thread adds.</summary>
internal sealed class Percentiles
{
    private readonly Lock _gate = new();
    private readonly List<double> _values = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _values.Count;
            }
        }
    }

    public void Add(double value)
    {
        lock (_gate)
        {
            _values.Add(value);
        }
    }

    /// <summary>The value below which this share lies (nearest rank); NaN when there are none.</summary>
    public double At(double share)
    {
        lock (_gate)
        {
            if (_values.Count == 0)
            {
                return double.NaN;
            }

            var sorted = _values.Order().ToArray();
            return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
        }
    }
}
