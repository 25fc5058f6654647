using EcgStream.Core.Signals;
using EcgStream.Formats;
using EcgStream.Formats.Wfdb;
using EcgStream.Simulator.Files;
using EcgStream.Simulator.Synth;

namespace EcgStream.Simulator.Tests.Files;

public sealed class SyntheticRecordTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgsim-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(RecordFormat.Wfdb)]
    [InlineData(RecordFormat.Mat)]
    [InlineData(RecordFormat.Mat4)]
    [InlineData(RecordFormat.Csv)]
    public void Write_AnyFormat_ReadsBackTheSameMicrovolts(RecordFormat format)
    {
        var recording = SyntheticRecord.Make("synth-0001", new SynthSpec { Rhythm = RhythmKind.PrematureVentricular, Seed = 3 }, 5000);
        var path = SyntheticRecord.Write(_folder, recording, format);
        var back = RecordingReader.Read(path, RecordingDefaults.Standard);
        Assert.Equal(recording.Leads, back.Leads);
        Assert.Equal(5000, back.SampleCount);
        var (written, read) = (new double[5000], new double[5000]);
        for (var lead = 0; lead < 12; lead++)
        {
            recording.CopyMillivolts(lead, 0, written.AsSpan());
            back.CopyMillivolts(lead, 0, read.AsSpan());
            Assert.All(written.Zip(read), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        }
    }

    [Fact]
    public void Write_Wfdb_CarriesTheTruthAsAnnotations()
    {
        var spec = new SynthSpec { Rhythm = RhythmKind.PrematureVentricular, PvcRunLength = 3, Seed = 4, Leads = [Lead.II] };
        var truth = new TruthList();
        new EcgSynthesizer(spec, truth).Read(new float[15_000], 15_000);
        var path = SyntheticRecord.Write(_folder, SyntheticRecord.Make("t", spec, 15_000), RecordFormat.Wfdb);
        var annotations = RecordingReader.Read(path, RecordingDefaults.Standard).Info.Annotations!.Value;
        Assert.Equal(
            truth.Beats.Where(beat => beat.Sample < 15_000).Select(beat => (beat.Sample, beat.Class == BeatClass.V)),
            annotations.Where(annotation => annotation.IsBeat).Select(annotation => (annotation.SampleIndex, annotation.Code == WfdbAnnotationCode.VentricularPremature)));
        Assert.Equal(
            truth.Rhythms.Where(rhythm => rhythm.Sample < 15_000).Select(rhythm => rhythm.Code),
            annotations.Where(annotation => annotation.Code == WfdbAnnotationCode.RhythmChange).Select(annotation => annotation.Auxiliary));
    }
}
