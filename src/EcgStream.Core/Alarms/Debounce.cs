namespace EcgStream.Core.Alarms;

/// <summary>A yes or no that turns only after the input has said the other for long enough, on the device clock.</summary>
internal struct Debounce
{
    private long? _otherSince;

    /// <summary>What it says now.</summary>
    public bool On { get; private set; }

    /// <summary>Device clock from which the input has said what <see cref="On"/> says.</summary>
    public long SinceUnixNs { get; private set; }

    public void Set(bool on, long sinceUnixNs) => (On, SinceUnixNs, _otherSince) = (on, sinceUnixNs, null);

    /// <summary>Takes the next input; true if <see cref="On"/> turned.</summary>
    public bool Next(bool input, long timeUnixNs, long turnOnAfterNs, long turnOffAfterNs)
    {
        if (input == On)
        {
            _otherSince = null;
            return false;
        }

        // A device clock that was set back must not hold the decision up until it has caught up again.
        if (_otherSince is not { } since || since > timeUnixNs)
        {
            _otherSince = since = timeUnixNs;
        }

        if (timeUnixNs - since < (input ? turnOnAfterNs : turnOffAfterNs))
        {
            return false;
        }

        Set(input, since);
        return true;
    }
}
