using EcgStream.Core.Signals;
using Stream = EcgStream.Core.Tests.Sessions.Stream;

namespace EcgStream.Core.Tests.Disturbances;

/// <summary>Sinus rhythm of 72 per minute in two leads that turns into standstill or ventricular fibrillation.</summary>
internal static class PatientSignal
{
    public const double BeatsPerMinute = 72;

    /// <summary>Seconds of the last R peak before the rhythm turns.</summary>
    public static double LastBeat(double turns)
    {
        const double Period = 60 / BeatsPerMinute;
        return (Math.Floor((turns - (0.4 * Period)) / Period) + 0.4) * Period;
    }

    public static Stream Standstill(double rate, double turns, double seconds) => Turn(rate, turns, seconds, (_, random) => 0.004 * Gauss(random));

    public static Stream Fibrillation(double rate, double turns, double seconds)
    {
        double phase = 0, pace = 0, height = 0;
        return Turn(rate, turns, seconds, (_, random) =>
        {
            pace += (-pace / (0.5 * rate)) + (0.6 * Math.Sqrt(2 / (0.5 * rate)) * Gauss(random));
            height += (-height / (0.7 * rate)) + (0.3 * Math.Sqrt(2 / (0.7 * rate)) * Gauss(random));
            phase += 2 * Math.PI * (4.5 + pace) / rate;
            return 0.35 * (1 + height) * (Math.Sin(phase) + (0.2 * Math.Sin((2 * phase) + 1)));
        });
    }

    private static Stream Turn(double rate, double turns, double seconds, Func<double, Random, double> then)
    {
        var stream = new Stream(LeadList.Of(Lead.II, Lead.V1), rate, (int)(seconds * rate), 3, BeatsPerMinute);
        for (var lane = 0; lane < stream.Digital.Length; lane++)
        {
            var random = new Random(11 + lane);
            for (var n = (int)(turns * rate); n < stream.Length; n++)
            {
                stream.Digital[lane][n] = (short)Math.Round(((then(n / rate, random) + Baseline(n / rate)) * 1000 / Stream.GainMicrovolts) + Stream.Baseline);
            }
        }

        return stream;
    }

    // The electrodes go on as before: the turn itself is no step.
    private static double Baseline(double seconds) => (0.3 * Math.Sin(0.9 * seconds)) + 0.2;

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
