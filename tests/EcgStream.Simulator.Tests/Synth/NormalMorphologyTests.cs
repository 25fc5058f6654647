using EcgStream.Core.Signals;
using EcgStream.Simulator.Synth;

namespace EcgStream.Simulator.Tests.Synth;

/// <summary>Many patients in sinus rhythm against the limits of a normal resting ECG of an adult.</summary>
public sealed class NormalMorphologyTests
{
    private const int Patients = 40;

    // Samples at 500 Hz around the R peak.
    private const int Before = 120;
    private const int After = 250;

    private static readonly List<Dictionary<Lead, double[]>> Beats = [.. Enumerable.Range(1, Patients).Select(seed =>
    {
        var run = SynthRuns.Make(new SynthSpec { Seed = (ulong)seed, Noise = NoiseSpec.None }, 12);
        return LeadNames.StandardTwelve.ToDictionary(lead => lead, lead => SynthRuns.MeanBeat(run.Lead(lead), run.Truth, Before, After));
    })];

    [Theory]
    [InlineData(Lead.I)]
    [InlineData(Lead.II)]
    [InlineData(Lead.V3)]
    [InlineData(Lead.V4)]
    [InlineData(Lead.V5)]
    [InlineData(Lead.V6)]
    public void TWave_WhereItMustBeUpright_IsUpright(Lead lead) =>
        Assert.All(Beats, patient => Assert.InRange(T(patient[lead]), 0.03, 1.3));

    [Fact]
    public void Avr_EveryWave_PointsDown() => Assert.All(Beats, patient =>
    {
        Assert.True(T(patient[Lead.AVR]) < 0);
        Assert.True(patient[Lead.AVR][Before] < -0.2);
        Assert.True(P(patient[Lead.AVR]) < 0);
    });

    [Fact]
    public void PWave_InII_IsOfNormalHeight() => Assert.All(Beats, patient => Assert.InRange(P(patient[Lead.II]), 0.04, 0.25));

    [Fact]
    public void Qrs_InII_IsOfNormalHeight()
    {
        Assert.All(Beats, patient => Assert.InRange(Qrs(patient[Lead.II]).Max(), 0.2, 2.0));
        var median = Beats.Select(patient => Qrs(patient[Lead.II]).Max()).Order().ElementAt(Patients / 2);
        Assert.InRange(median, 0.5, 1.3);
    }

    [Fact]
    public void RWave_FromV1ToV4_Grows() => Assert.All(Beats, patient =>
    {
        var r = new[] { Lead.V1, Lead.V2, Lead.V3, Lead.V4 }.Select(lead => Qrs(patient[lead]).Max()).ToArray();
        Assert.True(r[0] < r[1] && r[1] < r[2] && r[2] < r[3] * 1.15, string.Join(' ', r));
        Assert.True(Qrs(patient[Lead.V1]).Min() < -0.25, "V1 has no deep S");
        Assert.True(Qrs(patient[Lead.V6]).Max() > -Qrs(patient[Lead.V6]).Min(), "V6 is not positive");
    });

    [Fact]
    public void QrsAxis_IsNormal() => Assert.All(Beats, patient =>
    {
        // From the areas of I and aVF; aVF is a factor 2/√3 too small for an orthogonal pair.
        var x = Qrs(patient[Lead.I]).Sum();
        var y = Qrs(patient[Lead.AVF]).Sum() * 2 / Math.Sqrt(3);
        Assert.InRange(Math.Atan2(y, x) * 180 / Math.PI, -30, 100);
    });

    [Fact]
    public void QtInterval_FollowsTheCubeRootOfRr()
    {
        var slow = TPeakSeconds(45);
        var fast = TPeakSeconds(120);
        Assert.Equal(Math.Cbrt(120.0 / 45), slow / fast, 0.08);
        Assert.InRange(TPeakSeconds(60), 0.22, 0.34);

        static double TPeakSeconds(double rate)
        {
            var run = SynthRuns.Make(new SynthSpec { Seed = 3, HeartRateBpm = rate, Noise = NoiseSpec.None }, 40);
            var beat = SynthRuns.MeanBeat(run.Lead(Lead.V5), run.Truth, 10, 220);
            return Enumerable.Range(60, 160).MaxBy(i => beat[i]) is var peak ? (peak - 10) / 500.0 : 0;
        }
    }

    private static double P(double[] beat) => beat[20..95].MaxBy(Math.Abs);

    private static double[] Qrs(double[] beat) => beat[(Before - 25)..(Before + 30)];

    private static double T(double[] beat) => beat[(Before + 75)..(Before + 190)].MaxBy(Math.Abs);
}
