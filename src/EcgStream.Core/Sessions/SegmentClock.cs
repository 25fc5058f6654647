using EcgStream.Core.Signals;

namespace EcgStream.Core.Sessions;

/// <summary>
/// Maps samples to the device's clock. The device's stamps are followed, not obeyed: a sixteenth of what a stamp differs from the count of samples is taken over
/// with each chunk, so that jitter of the stamps stays out of the signal while a crystal that is off by 100 ppm is followed to well under a millisecond.
/// </summary>
internal struct SegmentClock
{
    private const int SlewShare = 16;

    private double _anchorSample;
    private long _anchorUnixNs;

    /// <summary>Device clock at which the next chunk should begin.</summary>
    public long ExpectedUnixNs { get; private set; }

    /// <summary>A segment begins.</summary>
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

    /// <summary>Takes over a part of a difference.</summary>
    public void Slew(long differenceNs) => ExpectedUnixNs += differenceNs / SlewShare;

    /// <summary>So many input samples went by.</summary>
    public void Advance(int samples, double sampleRateHz) => ExpectedUnixNs += (long)Math.Round(samples * (1e9 / sampleRateHz));

    /// <summary>Device clock at a 500 Hz sample of the segment.</summary>
    public readonly long At(long sample) => _anchorUnixNs + (long)Math.Round((sample - _anchorSample) * SampleClock.SampleNs);
}
