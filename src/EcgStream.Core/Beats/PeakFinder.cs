namespace EcgStream.Core.Beats;

/// <summary>Finds the peaks of a feature: one is done when the feature has fallen to half of it, or when nothing higher came for a while.</summary>
internal struct PeakFinder(int waitSamples)
{
    // A rise of a fifth from the valley before begins a new peak; less is ripple.
    private const double Rise = 1.2;

    private double _valley;
    private bool _rising;

    /// <summary>Height of the peak that was found.</summary>
    public double Height { get; private set; }

    /// <summary>Index of the peak that was found.</summary>
    public long At { get; private set; }

    public void Reset() => this = new PeakFinder(waitSamples);

    /// <returns>True when a peak is done; see <see cref="At"/> and <see cref="Height"/>.</returns>
    public bool Next(long index, double value)
    {
        if (!_rising)
        {
            _valley = Math.Min(_valley, value);
            if (value > Rise * _valley)
            {
                _rising = true;
                Height = value;
                At = index;
            }

            return false;
        }

        if (value > Height)
        {
            Height = value;
            At = index;
            return false;
        }

        if (value > Height / 2 && index - At < waitSamples)
        {
            return false;
        }

        _rising = false;
        _valley = value;
        return true;
    }
}
