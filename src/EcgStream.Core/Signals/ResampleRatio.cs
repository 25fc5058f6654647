namespace EcgStream.Core.Signals;

/// <summary>
/// How far one 500 Hz sample lies behind the other on the input: <see cref="Step"/> / <see cref="Denominator"/> input samples. Exact for every rate in whole Hz;
/// for others a step of 2⁻³² is meant, and the filter's phase is taken to 1/512 of an input sample, 20 µs at most.
/// </summary>
internal readonly record struct ResampleRatio(long Step, long Denominator, int Phases)
{
    private const int OddPhases = 512;

    public static ResampleRatio For(double sampleRateHz)
    {
        if (sampleRateHz == Math.Floor(sampleRateHz))
        {
            var rate = (long)sampleRateHz;
            var common = (long)System.Numerics.BigInteger.GreatestCommonDivisor(rate, SampleClock.RateHz);
            return new ResampleRatio(rate / common, SampleClock.RateHz / common, (int)(SampleClock.RateHz / common));
        }

        return new ResampleRatio((long)Math.Round(sampleRateHz / SampleClock.RateHz * (1L << 32)), 1L << 32, OddPhases);
    }

    /// <summary>Which set of taps belongs to a position's fraction, in units of 1 / <see cref="Denominator"/>.</summary>
    public int Phase(long fraction) => (int)(fraction * Phases / Denominator);
}
