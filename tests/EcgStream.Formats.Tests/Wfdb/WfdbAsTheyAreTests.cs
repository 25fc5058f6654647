using EcgStream.Core.Signals;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats.Tests.Wfdb;

/// <summary>Records as tools and databases really write them: what can be read is read, and what was left out is said.</summary>
public sealed class WfdbAsTheyAreTests : IDisposable
{
    private static readonly RecordingDefaults Keep = new() { MissingSamples = MissingSamplePolicy.Keep };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_OtherSignals_AreLeftOutWithANote()
    {
        Recording recording = Read("s 4 500 2\ns.dat 16 1000/mV 16 0 1 0 0 II\ns.dat 16 10/mmHg 16 0 2 0 0 ABP\ns.dat 16 1000 16 0 3 0 0 PLETH\ns.dat 16 1000 16 0 4 0 0 vx\n", 1, 2, 3, 4, 5, 6, 7, 8);
        Assert.Equal([Lead.II], recording.Leads);
        Assert.Equal([1, 5], recording.Digital(0).ToArray());
        Assert.Equal(3, recording.Info.Notes.Count(note => note.Contains("left out", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_SignalsOfOneName_AreTwoLeadsWithoutAPlaceOrTheFirst()
    {
        Assert.Equal([Lead.Ecg, Lead.Ecg2], Read("s 2 250 2\ns.dat 16 200 12 0 1 0 0 ECG\ns.dat 16 200 12 0 2 0 0 ECG\n", 1, 2, 3, 4).Leads);
        Recording twice = Read("s 2 250 2\ns.dat 16 200 12 0 1 0 0 V1\ns.dat 16 200 12 0 2 0 0 V1\n", 1, 2, 3, 4);
        Assert.Equal([Lead.V1], twice.Leads);
        Assert.Contains(twice.Info.Notes, note => note.Contains("--lead #2=", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_LeadsGivenByTheCaller_Win()
    {
        const string Header = "s 2 250 2\ns.dat 16 200 12 0 1 0 0 foo\ns.dat 16 200 12 0 2 0 0 V1\n";
        short[] samples = [1, 2, 3, 4];
        Assert.Equal([Lead.II, Lead.V1], Read(Header, With("foo=II"), samples).Leads);
        Assert.Equal([Lead.II, Lead.V1], Read(Header, With("II"), samples).Leads);
        Assert.Equal([Lead.V5], Read(Header, With("-,V5"), samples).Leads);
        Assert.Contains("--lead names 3 leads", Assert.Throws<RecordingFormatException>(() => Read(Header, With("II,V1,V5"), samples)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UncalibratedSignal_Has200PerMillivoltUnlessStated()
    {
        const string Header = "s 1 250 2\ns.dat 16 0 12 100 1 0 0 II\n";
        Assert.Equal(new LeadScale(5, 100), Read(Header, 1, 2).Scale(0));
        Assert.Contains(Read(Header, 1, 2).Info.Notes, note => note.Contains("200 per mV", StringComparison.Ordinal) && note.Contains("--gain", StringComparison.Ordinal));
        Assert.Equal(new LeadScale(1, 7), Read(Header, new RecordingDefaults { Gain = new StatedGain(1000, 7) }, 1, 2).Scale(0));
    }

    [Theory]
    [InlineData("s 1 250 2\ns.dat 16 200(10)/mV 12 5 1 0 0 II\n", 5, 10)]
    [InlineData("s 1 250 2\ns.dat 16 200/mV 12 5 1 0 0 II\n", 5, 5)]
    [InlineData("s 1 250 2\ns.dat 16 2/uV 12 0 1 0 0 II\n", 0.5, 0)]
    [InlineData("s 1 250 2\ns.dat 16 20000/V 12 0 1 0 0 II\n", 50, 0)]
    public void Read_GainBaselineAndUnit_AsTheHeaderSays(string header, double gain, int baseline) =>
        Assert.Equal(new LeadScale(gain, baseline), Read(header, 1, 2).Scale(0));

    [Fact]
    public void Read_MoreOrFewerLinesThanAnnounced_IsReadWithANote()
    {
        Recording more = Read("s 1 250 4\ns.dat 16 200 12 0 1 0 0 II\ns.dat 16 200 12 0 1 0 0 V1\n", 1, 2, 3, 4);
        Assert.Equal([Lead.II], more.Leads);
        Assert.Contains(more.Info.Notes, note => note.Contains("1 lines after", StringComparison.Ordinal));
        Recording fewer = Read("s 2 250 4\ns.dat 16 200 12 0 1 0 0 II\n", 1, 9, 2, 9, 3, 9, 4, 9);
        Assert.Equal([1, 2, 3, 4], fewer.Digital(0).ToArray());
        Assert.Equal([1, 2, 3, 4], Read("s 2 250 4\ns.dat 16 200 12 0 1 0 0 II\n", 1, 2, 3, 4).Digital(0).ToArray());
    }

    [Fact]
    public void Read_FormatsWiderThan16Bits_FitOrAreRounded()
    {
        _folder.Write("s.dat", [.. new[] { 100, -200, 300 }.SelectMany(BitConverter.GetBytes)]);
        Assert.Equal([100, -200, 300], ReadHeader("s 1 250 3\ns.dat 32 200 0 0 0 0 0 II\n").Digital(0).ToArray());
        int[] large = [1_000_000, 1_050_000, 1_100_000, int.MinValue];
        _folder.Write("s.dat", [.. large.SelectMany(BitConverter.GetBytes)]);
        Recording rounded = ReadHeader("s 1 250 4\ns.dat 32 100000(1000000) 0 0 0 0 0 II\n", Keep);
        double[] millivolts = new double[4];
        rounded.CopyMillivolts(0, 0, millivolts.AsSpan());
        Assert.Equal(0, millivolts[0], 4);
        Assert.Equal(0.5, millivolts[1], 4);
        Assert.Equal(1, millivolts[2], 4);
        Assert.Equal(double.NaN, millivolts[3]);
    }

    [Fact]
    public void Read_FirstDifferences_AddUpFromTheInitialValue()
    {
        _folder.Write("s.dat", [0, 5, 0xFF, 1]);
        Assert.Equal([100, 99], ReadHeader("s 2 250 2\ns.dat 8 200 0 0 100 0 0 II\ns.dat 8 200 0 0 -50 0 0 V1\n").Digital(0).ToArray());
        Assert.Equal([-45, -44], ReadHeader("s 2 250 2\ns.dat 8 200 0 0 100 0 0 II\ns.dat 8 200 0 0 -50 0 0 V1\n").Digital(1).ToArray());
    }

    [Fact]
    public void Read_SamplesPerFrameAndSkew_GiveTheFastestRateInStep()
    {
        // Frames of two samples of II and one of V1, which lies one frame late.
        Recording recording = Read("s 2 125 3\ns.dat 16x2 200 12 0 1 0 0 II\ns.dat 16:1 200 12 0 0 0 0 V1\n", 1, 2, 0, 3, 4, 10, 5, 6, 20);
        Assert.Equal(250, recording.SampleRateHz);
        Assert.Equal([1, 2, 3, 4], recording.Digital(0).ToArray());
        Assert.Equal([10, 15, 20, 20], recording.Digital(1).ToArray());
    }

    [Fact]
    public void Read_ByteOffsetOfTheGroup_IsThatOfItsFirstLine() =>
        Assert.Equal([3, 5], Read("s 2 250 2\ns.dat 16+4 200 12 0 0 0 0 II\ns.dat 16 200 12 0 0 0 0 V1\n", 1, 2, 3, 4, 5, 6).Digital(0).ToArray());

    [Theory]
    [InlineData(new short[] { 0, -2000, -2048, -1990, 0 }, 12, 0)]
    [InlineData(new short[] { 0, -2048, 0, 2047 }, 12, 0)]
    [InlineData(new short[] { 0, 10, -2048, -2048, 5 }, 12, 2)]
    [InlineData(new short[] { 0, -2000, -2048, -1990, 0 }, 10, 1)]
    public void Read_LowestValue_IsMissingUnlessTheSignalClips(short[] samples, int bits, long missing)
    {
        byte[] bytes = new byte[WfdbSignalCodec.ByteCount(WfdbSignalFormat.Format212, samples.Length)];
        WfdbSignalCodec.Encode(WfdbSignalFormat.Format212, samples, bytes);
        _folder.Write("s.dat", bytes);
        Recording recording = ReadHeader($"s 1 250 {samples.Length}\ns.dat 212 200 {bits} 0 0 0 0 II\n", Keep);
        Assert.Equal(missing, recording.MissingSampleCount);
        Assert.Equal(missing > 0 ? Recording.MissingSampleLsb : samples[2], recording.Digital(0)[2]);
    }

    [Fact]
    public void Read_MissingInALeftOutSignal_RefusesNothing() =>
        Assert.Equal([Lead.II], Read("s 2 250 2\ns.dat 16 200 16 0 1 0 0 II\ns.dat 16 200/mmHg 16 0 0 0 0 ABP\n", 1, short.MinValue, 2, 5).Leads);

    [Fact]
    public void Read_SegmentsOfFixedLayout_AreJoinedWithTheirGaps()
    {
        Segment("a", "a 1 250 2\na.dat 16 200 12 0 0 0 0 II\n", 1, 2);
        Segment("b", "b 1 250 2\nb.dat 16 100 12 0 0 0 0 II\n", 3, 4);
        Recording recording = ReadHeader("s/3 1 250 5\na 2\n~ 1\nb 2\n");
        Assert.Equal([1, 1, Recording.MissingSampleLsb, 3, 4], [(short)(recording.Digital(0)[0] + 1), .. recording.Digital(0)[1..].ToArray()]);
        Assert.Equal(10, recording.Scale(0).GainMicrovoltsPerLsb);
        Assert.Equal(["s"], RecordingReader.Open(_folder.Path, RecordingDefaults.Standard).Select(entry => entry.Name));
    }

    [Fact]
    public void Read_SegmentsOfVariableLayout_TakeTheirPlaceByName()
    {
        _folder.Write("l.hea", "l 2 250 0\n~ 0 200 12 0 0 0 0 II\n~ 0 200 12 0 0 0 0 V1\n");
        Segment("a", "a 1 250 2\na.dat 16 200 12 0 0 0 0 V1\n", 1, 2);
        Segment("b", "b 2 250 1\nb.dat 16 200 12 0 0 0 0 II\nb.dat 16 200 12 0 0 0 0 V1\n", 3, 4);
        Recording recording = ReadHeader("s/3 2 250 3\nl 0\na 2\nb 1\n");
        Assert.Equal([Recording.MissingSampleLsb, Recording.MissingSampleLsb, 3], recording.Digital(0).ToArray());
        Assert.Equal([1, 2, 4], recording.Digital(1).ToArray());
        Assert.Equal(2, recording.MissingSampleCount);
    }

    [Fact]
    public void Read_DamagedAnnotations_LeaveTheSignals()
    {
        _folder.Write("s.atr", [0x05, 0x04]);
        Recording recording = Read("s 1 250 2\ns.dat 16 200 12 0 1 0 0 II\n", 1, 2);
        Assert.Null(recording.Info.Annotations);
        Assert.Contains("end mark", recording.Info.AnnotationDamage!.Message, StringComparison.Ordinal);
        Assert.Contains(recording.Info.Notes, note => note.Contains("annotations not read", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ShortSignalFile_IsReadWhereMissingSamplesAreKept()
    {
        const string Header = "s 1 250 4\ns.dat 16 200 12 0 1 3 0 II\n";
        Assert.Contains("--missing keep", Assert.Throws<RecordingFormatException>(() => Read(Header, 1, 2)).Message, StringComparison.Ordinal);
        Assert.Equal(2, Read(Header, Keep, 1, 2).MissingSampleCount);
    }

    [Fact]
    public void ElectrodesOff_MissingSamples_TakeOnlyLeadsThatAreMissing()
    {
        Recording recording = Read("s 2 250 50\ns.dat 16 200 16 0 0 0 0 MLII\ns.dat 16 200 16 0 0 0 0 V1\n", Keep, [.. Enumerable.Range(0, 50).SelectMany(i => new[] { (short)i, i is > 9 and < 20 ? short.MinValue : (short)i })]);
        DeviceSamples samples = DeviceSamples.Of(recording);
        Assert.Equal(0u, samples.ElectrodesOff(0, 10));
        Assert.Equal(LeadList.Of(Lead.MLII, Lead.V1).Mask & Lead.V1.Bit(), Electrodes.LeadsOff(samples.ElectrodesOff(0, 25), LeadList.Of(Lead.MLII, Lead.V1)));
        Assert.Equal(9, samples[1][15]);
    }

    private static RecordingDefaults With(string leads) =>
        new() { Leads = LeadAssignment.TryParse(leads, out LeadAssignment? assignment, out string? problem) ? assignment : throw new ArgumentException(problem) };

    private void Segment(string name, string header, params short[] samples)
    {
        _folder.Write(name + ".dat", [.. samples.SelectMany(BitConverter.GetBytes)]);
        _folder.Write(name + ".hea", header);
    }

    private Recording Read(string header, params short[] samples) => Read(header, RecordingDefaults.Standard, samples);

    private Recording Read(string header, RecordingDefaults defaults, params short[] samples)
    {
        _folder.Write("s.dat", [.. samples.SelectMany(BitConverter.GetBytes)]);
        return ReadHeader(header, defaults);
    }

    private Recording ReadHeader(string header, RecordingDefaults? defaults = null) =>
        RecordingReader.Read(_folder.Write("s.hea", header), defaults ?? RecordingDefaults.Standard);
}
