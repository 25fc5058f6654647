using EcgStream.Core.Signals;
using EcgStream.Evaluation.NoiseStress;
using EcgStream.Formats;
using EcgStream.Formats.Wfdb;
using EcgStream.Simulator.Files;
using EcgStream.Simulator.Synth;

namespace EcgStream.Evaluation.Tests.NoiseStress;

public sealed class NoiseMixerTests
{
    private const double Rate = 360;

    [Theory]
    [InlineData(0, false)]
    [InlineData(299.99, false)]
    [InlineData(300, true)]
    [InlineData(419.99, true)]
    [InlineData(420, false)]
    [InlineData(540, true)]
    [InlineData(660, false)]
    public void Protocol_TakesTurnsOfTwoMinutesAfterFive(double seconds, bool noisy) => Assert.Equal(noisy, NoiseProtocol.IsNoisy(seconds));

    [Theory]
    [InlineData(24)]
    [InlineData(6)]
    [InlineData(-6)]
    public void Mix_AtALevel_PutsTheNoiseAtThatRatio(double decibels)
    {
        using var folder = new TemporaryFolder();
        var (clean, noise) = Records(folder);
        var mixed = NoiseMixer.Mix(clean, noise, decibels, "m");
        var amplitude = Amplitudes.Qrs(clean.Digital(0), clean.Info.Annotations!.Value, Rate);
        double sum = 0, squares = 0;
        var (from, to) = ((int)(301 * Rate), (int)(419 * Rate));
        for (var index = from; index < to; index++)
        {
            double difference = mixed.Digital(0)[index] - clean.Digital(0)[index];
            sum += difference;
            squares += difference * difference;
        }

        // A sine of the QRS complexes' peak-to-peak amplitude, against what was added.
        var added = Math.Sqrt((squares / (to - from)) - (sum / (to - from) * (sum / (to - from))));
        Assert.Equal(decibels, 20 * Math.Log10(amplitude / Math.Sqrt(8) / added), 0.3);
    }

    [Fact]
    public void Mix_OutsideTheNoisyTurns_IsTheCleanRecordButForAnOffset()
    {
        using var folder = new TemporaryFolder();
        var (clean, noise) = Records(folder);
        var mixed = NoiseMixer.Mix(clean, noise, 0, "m");
        var difference = Enumerable.Range(0, clean.SampleCount).Select(index => mixed.Digital(0)[index] - clean.Digital(0)[index]).ToArray();

        Assert.All(difference[..(int)(300 * Rate)], value => Assert.Equal(0, value));
        Assert.Single(difference[((int)(420 * Rate) + 1)..(int)(540 * Rate)].Distinct());

        // No step where noise begins or ends, but for the noise's own.
        var most = Enumerable.Range((int)(301 * Rate), (int)(100 * Rate)).Max(Step);
        Assert.InRange(Step((int)(300 * Rate)), 0, most);
        Assert.InRange(Step((int)(420 * Rate)), 0, 1);
        Assert.InRange(Step((int)(540 * Rate)), 0, most);
        Assert.Equal(clean.Info.Annotations!.Value, mixed.Info.Annotations!.Value);

        int Step(int at) => Math.Abs(difference[at + 1] - difference[at]);
    }

    [Fact]
    public void Mix_NoiseAtAnotherRate_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var (_, noise) = Records(folder);
        var other = SyntheticRecord.Make("c", new SynthSpec { SampleRateHz = 250, Leads = [Lead.MLII] }, 5000);

        Assert.Throws<RecordingFormatException>(() => NoiseMixer.Mix(other, noise, 6, "m"));
    }

    [Fact]
    public void TrimmedMean_LeavesOutATwentiethAtEachEnd() =>
        Assert.Equal(Enumerable.Range(1, 18).Average(), Amplitudes.TrimmedMean([1000, -1000, .. Enumerable.Range(1, 18).Select(value => (double)value)]), 9);

    [Fact]
    public void RealNoiseStressRecord_118e00_HasTheNoiseThatTheProcedureGives()
    {
        var noisy = RecordingReader.Read(Path.Combine(RealRecordings.Folder("nstdb-partial"), "118e00.hea"), RecordingDefaults.Standard);
        var clean = RecordingReader.Read(Path.Combine(RealRecordings.Folder("mitdb"), "118.hea"), RecordingDefaults.Standard);
        for (var lead = 0; lead < 2; lead++)
        {
            // Its samples have their offset taken out: the difference is constant where no noise was added, to the rounding of the mixing.
            var difference = new double[clean.SampleCount];
            for (var index = 0; index < difference.Length; index++)
            {
                difference[index] = noisy.Digital(lead)[index] - clean.Digital(lead)[index];
            }

            for (var turn = 0; turn < 12; turn++)
            {
                var start = (int)(Rate * (NoiseProtocol.CleanSeconds + (turn * NoiseProtocol.TurnSeconds)));
                var inside = difference[(start + 2)..(start + (int)(Rate * NoiseProtocol.TurnSeconds) - 2)];
                Assert.Equal(turn % 2 == 0, inside.Max() - inside.Min() > 3);
            }

            // Its noise record is not at hand, but what is left of it in the mix must have about the amplitude that the gain was made for. The gain follows from the noise's first
            // five minutes, which are not in the mix; signal 0 of the electrode motion record is far louder later.
            var noise = Array.ConvertAll(difference[(int)(301 * Rate)..(int)(419 * Rate)], value => (short)value);
            var decibels = 20 * Math.Log10(Amplitudes.Qrs(clean.Digital(lead), clean.Info.Annotations!.Value, Rate) / Math.Sqrt(8) / Amplitudes.Noise(noise, Rate));
            Assert.InRange(decibels, lead == 0 ? -7 : -1.5, 1.5);
        }
    }

    private static (Recording Clean, WfdbRecord Noise) Records(TemporaryFolder folder)
    {
        var clean = SyntheticRecord.Make("clean", new SynthSpec { SampleRateHz = Rate, Seed = 3, Leads = [Lead.MLII] }, (int)(700 * Rate));
        var random = new Random(1);
        var samples = new short[clean.SampleCount];
        var last = 0.0;
        for (var index = 0; index < samples.Length; index++)
        {
            last = (0.5 * last) + random.Next(-90, 91);
            samples[index] = (short)last;
        }

        var info = new RecordingInfo { Name = "noise", SourcePath = "noise", SampleRateHz = Rate, Leads = [Lead.V1] };
        WfdbRecordingWriter.Write(folder.Path, Recording.FromDigital(info, [samples], [new LeadScale(5, 0)]));
        return (clean, WfdbRecordReader.Read(folder.In("noise.hea")));
    }
}
