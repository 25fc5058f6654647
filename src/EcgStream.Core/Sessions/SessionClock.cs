using EcgStream.Core.Signals;

namespace EcgStream.Core.Sessions;

/// <summary>
/// Maps samples to the device's clock. The count of samples gives the pace, the stamps only the time: they may jitter, repeat, be rounded to seconds or run at another
/// rate, and are followed slowly. One that lies over 2 s off is a stray until three in a row agree on it: then the device's clock was set, and is followed at once.
/// </summary>
internal sealed class SessionClock
{
    // Stamps in whole seconds are up to 1 s off; Bluetooth adds some more.
    private const long MostJitterNs = 2_000_000_000;

    // Stamps of 60 ms jitter move the clock by 1 to 2 ms; a device that runs 0.8 % off its stated rate is followed 0.1 s behind.
    private const double FollowSeconds = 16;
    private const double MostSlew = 0.01;
    private const int Believed = 3;

    // Behind a long gap the clock may have drifted by so much of it.
    private const int DriftShare = 64;

    private double _anchorSample;
    private long _anchorUnixNs;
    private double _carriedNs;
    private long _strayNs;
    private int _strays;
    private long _steps;

    /// <summary>Device clock at which the next chunk should begin.</summary>
    public long ExpectedUnixNs { get; private set; }

    /// <summary>By how much the clock has been set in all: times less this never step.</summary>
    public long StepsNs { get; private set; }

    public void Start(long unixNs)
    {
        ExpectedUnixNs = unixNs;
        Anchor(0);
    }

    /// <summary>Ties an output sample (a fraction, when the rates differ) to the expected time.</summary>
    public void Anchor(double outputSample)
    {
        _anchorSample = outputSample;
        _anchorUnixNs = ExpectedUnixNs;
    }

    /// <summary>So many input samples went by.</summary>
    public void Advance(long samples, double sampleRateHz)
    {
        // What rounding leaves is carried on: the times of a session are those of its samples, in whatever chunks they come.
        var exact = (samples * 1e9 / sampleRateHz) + _carriedNs;
        var whole = (long)Math.Round(exact);
        _carriedNs = exact - whole;
        ExpectedUnixNs += whole;
    }

    /// <summary>Takes the stamp of a chunk that begins now.</summary>
    /// <param name="stampUnixNs">Its stamp.</param>
    /// <param name="seconds">Signal that it holds.</param>
    /// <returns>True if the clock was set.</returns>
    public bool Follow(long stampUnixNs, double seconds)
    {
        var difference = stampUnixNs - ExpectedUnixNs;
        if (IsJitter(difference))
        {
            _strays = 0;
            var most = MostSlew * seconds * 1e9;
            ExpectedUnixNs += (long)Math.Clamp(difference * (seconds / FollowSeconds), -most, most);
            return false;
        }

        _strays = _strays > 0 && Math.Abs(difference - _strayNs) <= MostJitterNs ? _strays + 1 : 1;
        _strayNs = difference;
        if (_strays < Believed)
        {
            return false;
        }

        Step(difference);
        return true;
    }

    /// <summary>Goes on behind a long gap, from the stamp of the first chunk behind it where that tells more than the count of samples.</summary>
    /// <returns>True if the clock was set meanwhile.</returns>
    public bool Resume(long stampUnixNs, long gapNs)
    {
        ExpectedUnixNs += gapNs;
        var difference = stampUnixNs - ExpectedUnixNs;
        if (IsJitter(difference))
        {
            return false;
        }

        if (Math.Abs(difference) <= MostJitterNs + (gapNs / DriftShare))
        {
            ExpectedUnixNs = stampUnixNs;
            return false;
        }

        Step(difference);
        return true;
    }

    /// <summary>Device clock at a 500 Hz sample of the session.</summary>
    public long At(long sample) => _anchorUnixNs + (long)Math.Round((sample - _anchorSample) * SampleClock.SampleNs);

    private static bool IsJitter(long differenceNs) => Math.Abs(differenceNs) <= MostJitterNs;

    // A nanosecond more each time: times are keys, and those behind a step back must not be those before it.
    private void Step(long differenceNs)
    {
        _strays = 0;
        differenceNs += ++_steps;
        ExpectedUnixNs += differenceNs;
        StepsNs += differenceNs;
    }
}
