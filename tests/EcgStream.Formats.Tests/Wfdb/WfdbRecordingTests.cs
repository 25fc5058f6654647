using EcgStream.Core.Signals;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats.Tests.Wfdb;

public sealed class WfdbRecordingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(WfdbSignalFormat.Format16, false, false)]
    [InlineData(WfdbSignalFormat.Format16, true, false)]
    [InlineData(WfdbSignalFormat.Format16, true, true)]
    [InlineData(WfdbSignalFormat.Format16, false, true)]
    [InlineData(WfdbSignalFormat.Format212, false, false)]
    [InlineData(WfdbSignalFormat.Format212, false, true)]
    [InlineData(WfdbSignalFormat.Format80, false, false)]
    public void Write_AnyRecording_ReadsBackBitExact(WfdbSignalFormat format, bool asMat, bool filePerLead) => Seeded.ForAll(30, random =>
    {
        // Beyond one chunk of the reader now and then, and odd totals for format 212.
        int samples = random.Next(4) == 0 ? random.Next(11_000, 30_000) : random.Next(1, 300);
        Recording written = SampleRecordings.Digital(random, "rec", random.Next(1, 13), samples, WfdbSignalCodec.Bits(format));
        written = written.With(written.Info with { Annotations = SampleRecordings.Annotations(random, 20), Comments = ["Age: 40"] });
        using TempFolder folder = new();
        string header = WfdbRecordingWriter.Write(folder.Path, written, new WfdbWriteOptions { Format = format, AsMat4 = asMat, FilePerLead = filePerLead });
        Recording read = RecordingReader.Read(header, RecordingDefaults.Standard);
        SampleRecordings.AssertSameSamples(written, read);
        Assert.Equal(written.Info.Annotations!.Value, read.Info.Annotations!.Value);
        Assert.Equal(["Age: 40"], read.Info.Comments);
        Assert.DoesNotContain(read.Info.Notes, note => !note.StartsWith("warning", StringComparison.Ordinal));
        Assert.Equal(1, RecordingReader.Open(folder.Path, RecordingDefaults.Standard).Count);
    });

    [Fact]
    public void ParseHeader_WithoutSignals_IsTakenOnlyWhereAnnotationsAreEnough()
    {
        byte[] header = "nsr001 0 128 0\n# Age: 64\n"u8.ToArray();

        Assert.Empty(WfdbHeaderReader.Parse("nsr001.hea", header, RecordingLimits.Standard, allowNoSignals: true).Signals);
        Assert.Throws<RecordingFormatException>(() => WfdbHeaderReader.Parse("nsr001.hea", header, RecordingLimits.Standard));
        Assert.Throws<RecordingFormatException>(
            () => WfdbHeaderReader.Parse("rec.hea", "rec 2 128 0\n"u8.ToArray(), RecordingLimits.Standard, allowNoSignals: true));
    }

    [Fact]
    public void Parse_FullHeader_EveryField()
    {
        const string Text = "# before\nrec 2 360/400.5(7) 10 12:00:01 1/02/2003\r\n\nrec.dat 212 200.5(-3)/uV 11 1024 995 -22131 0 MLII\nrec.dat 212 200 11 1024\n#after\n";
        WfdbHeader header = WfdbHeaderReader.Parse("rec.hea", System.Text.Encoding.ASCII.GetBytes(Text), RecordingLimits.Standard);
        Assert.Equal(("rec", 360.0, 400.5, 7.0), (header.RecordName, header.SampleRateHz, header.CounterFrequencyHz, header.BaseCounter));
        Assert.Equal((10, "12:00:01", "1/02/2003"), (header.SampleCount, header.BaseTime, header.BaseDate));
        Assert.Equal(["before", "after"], header.Comments);
        Assert.Equal(
            new WfdbSignalSpec
            {
                FileName = "rec.dat",
                Format = WfdbSignalFormat.Format212,
                AdcUnitsPerUnit = 200.5,
                Baseline = -3,
                Units = "uV",
                AdcResolutionBits = 11,
                AdcZero = 1024,
                InitialValue = 995,
                Checksum = -22131,
                Description = "MLII",
            },
            header.Signals[0]);
        Assert.Equal((1024, "mV", null, ""), (header.Signals[1].Baseline, header.Signals[1].Units, header.Signals[1].Checksum, header.Signals[1].Description));
    }

    [Fact]
    public void Read_ChallengeHeader_ScaleAndOffset()
    {
        _folder.Write("A1.mat", [0x1e, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 118, 97, 108, 0, 1, 0, 255, 255, 3, 0, 0, 1]);
        string header = _folder.Write("A1.hea", "A1 2 500 2\nA1.mat 16x1+24 1000.0(0)/mv 16 0 1 4 0 I\nA1.mat 16x1+24 4880(1)/mV 16 0 -1 255 0 aVR\n#Dx: AF,RBBB\n");
        Recording recording = RecordingReader.Read(_folder.File("A1.mat"), RecordingDefaults.Standard);
        Assert.Equal(header, recording.Info.SourcePath);
        Assert.Equal([Lead.I, Lead.AVR], recording.Leads);
        Assert.Equal([1, 3], recording.Digital(0).ToArray());
        Assert.Equal([-1, 256], recording.Digital(1).ToArray());
        Assert.Equal(new LeadScale(1, 0), recording.Scale(0));
        Assert.Equal(new LeadScale(1000 / 4880.0, 1), recording.Scale(1));
        Assert.Equal(["Dx: AF,RBBB"], recording.Info.Comments);
        SampleRecordings.AssertSameSamples(recording, RecordingReader.Read(_folder.File("A1"), RecordingDefaults.Standard));
    }

    [Fact]
    public void Read_SamplesOtherThanChecksum_IsRefused()
    {
        string header = Simple();
        byte[] bytes = File.ReadAllBytes(_folder.File("s.dat"));
        bytes[2] ^= 1;
        _folder.Write("s.dat", bytes);
        AssertRefused(header, RecordingFault.Checksum, "s.dat");
    }

    [Fact]
    public void Read_ChecksumLeftZero_IsReadWithANote()
    {
        string header = Simple("s 1 500 3\ns.dat 16 1000/mV 16 0 9 0 0 I\n");
        Recording recording = RecordingReader.Read(header, RecordingDefaults.Standard);
        Assert.Contains(recording.Info.Notes, n => n.Contains("no checksum", StringComparison.Ordinal));
        Assert.Contains(recording.Info.Notes, n => n.Contains("the header states 9", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_NoSampleCount_TheFileDecides()
    {
        Assert.Equal(3, RecordingReader.Read(Simple("s 1 500\ns.dat 16 1000 16 0 1 6 0 I\n"), RecordingDefaults.Standard).SampleCount);
        Assert.Equal(3, RecordingReader.Read(Simple("s 1 500 0\ns.dat 16 1000 16 0 1 6 0 I\n"), RecordingDefaults.Standard).SampleCount);
    }

    [Fact]
    public void Read_MissingSamples_RefusedOrKept()
    {
        string header = Simple("s 1 500 2\ns.dat 212 200/mV 12 0 -2048 0 0 I\n", [0x00, 0x08, 0x10]);
        AssertRefused(header, RecordingFault.SampleValue, "1 of 2 samples are marked as missing; --missing keep");
        Recording kept = RecordingReader.Read(header, new RecordingDefaults { MissingSamples = MissingSamplePolicy.Keep });
        Assert.Equal(1, kept.MissingSampleCount);
        Assert.Equal([Recording.MissingSampleLsb, 16], kept.Digital(0).ToArray());
        float[] millivolts = new float[2];
        kept.CopyMillivolts(0, 0, millivolts.AsSpan());
        Assert.Equal([float.NaN, 0.08f], millivolts);
    }

    [Theory]
    [InlineData("s/3 1 500 3\n", RecordingFault.Truncated, "3 segments announced, 0 listed")]
    [InlineData("s 5 500 9\ns.dat 16 1000 16 0 1 6 0 I\n", RecordingFault.Truncated, "5 signals announced, 1 described")]
    [InlineData("s 1\n", RecordingFault.Truncated, "none described")]
    [InlineData("s 1 99 3\ns.dat 16 1000 16 0 1 6 0 I\n", RecordingFault.SampleRate, "99 Hz")]
    [InlineData("s 1 NaN 3\ns.dat 16 1000 16 0 1 6 0 I\n", RecordingFault.Malformed, "sampling frequency")]
    [InlineData("s 1 500 4\ns.dat 16 1000 16 0 1 6 0 I\n", RecordingFault.Truncated, "need 8 bytes, 6 are there")]
    [InlineData("s 1 500 9000000000000\ns.dat 16 1000 16 0 1 6 0 I\n", RecordingFault.LimitExceeded, "limit")]
    [InlineData("s 1 500 3\n../s.dat 16 1000 16 0 1 6 0 I\n", RecordingFault.Unsupported, "beside the header")]
    [InlineData("s 1 500 3\nmissing.dat 16 1000 16 0 1 6 0 I\n", RecordingFault.Unreadable, "missing.dat")]
    [InlineData("s 1 500 3\ns.dat 516 1000 16 0 1 6 0 I\n", RecordingFault.Unsupported, "516 is not read")]
    [InlineData("s 1 500 3\ns.dat 16x0 1000 16 0 1 6 0 I\n", RecordingFault.Unsupported, "0 samples per frame")]
    [InlineData("s 1 500 3\ns.dat 16:3 1000 16 0 1 6 0 I\n", RecordingFault.Shape, "skew of 3")]
    [InlineData("s 1 500 3\ns.dat 16 1000/mmHg 16 0 1 6 0 I\n", RecordingFault.Lead, "--lead")]
    [InlineData("s 1 500 3\ns.dat 16 1000 16 0 1 6 0 PLETH\n", RecordingFault.Lead, "PLETH")]
    [InlineData("s 2 500 1\ns.dat 16 1000 16 0 1 1 0 I\ns.dat 80 1000 16 0 2 2 0 II\n", RecordingFault.Malformed, "another format")]
    [InlineData("", RecordingFault.Malformed, "no record line")]
    public void Read_HeaderThatIsNoEcg_IsRefused(string header, RecordingFault fault, string named) => AssertRefused(Simple(header), fault, named);

    [Fact]
    public void Read_AnnotationsAtAnotherRate_AreBroughtToTheSignals()
    {
        string header = Simple();
        WfdbAnnotationWriter.Write(
            _folder.File("s.atr"),
            [new WfdbAnnotation(0, WfdbAnnotationCode.Comment, -1, 0, 0, "## time resolution: 1000"), new WfdbAnnotation(4, WfdbAnnotationCode.Normal)]);
        Recording recording = RecordingReader.Read(header, RecordingDefaults.Standard);
        Assert.Equal(2, recording.Info.Annotations!.Value[1].SampleIndex);
        Assert.Contains(recording.Info.Notes, note => note.Contains("1000 Hz", StringComparison.Ordinal));
        Assert.Null(RecordingReader.Read(header, new RecordingDefaults { ReadAnnotations = false }).Info.Annotations);
    }

    private string Simple(string header = "s 1 500 3\ns.dat 16 1000/mV 16 0 1 6 0 I\n", byte[]? samples = null)
    {
        _folder.Write("s.dat", samples ?? [1, 0, 2, 0, 3, 0]);
        return _folder.Write("s.hea", header);
    }

    private static void AssertRefused(string path, RecordingFault fault, string named)
    {
        RecordingFormatException refusal = Assert.Throws<RecordingFormatException>(() => RecordingReader.Read(path, RecordingDefaults.Standard));
        Assert.Equal(fault, refusal.Fault);
        Assert.StartsWith(path[..^4], refusal.Message.Replace("missing.dat", "s.dat", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }
}
