using EcgStream.Core.Signals;
using EcgStream.Formats.Mat;

namespace EcgStream.Formats.Tests.Mat;

public sealed class MatRecordingReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Read_TwelveLeadsAsWritten_SameMillivolts(bool compress, bool bigEndian)
    {
        Recording expected = SampleRecordings.Physical(new Random(1), "r1", 12, 700);
        string path = _folder.File("r1.mat");
        RecordingWriter.WriteMat5(path, expected, new MatWriteOptions { Compress = compress, BigEndian = bigEndian });
        Recording actual = RecordingReader.Read(path, RecordingDefaults.Standard);
        SampleRecordings.AssertSameSamples(expected, actual);
        Assert.Equal(RecordingFormat.Mat5, actual.Info.Format);
        Assert.Contains(actual.Info.Notes, n => n.Contains("500 Hz", StringComparison.Ordinal));
        Assert.Contains(actual.Info.Notes, n => n.Contains("mV assumed", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SamplesByLeads_IsTurned()
    {
        Recording expected = SampleRecordings.Physical(new Random(2), "r", 12, 300);
        MatMatrix matrix = RecordingWriter.ToMatrix("data", expected);
        double[] turned = new double[12 * 300];
        for (int lead = 0; lead < 12; lead++)
        {
            for (int i = 0; i < 300; i++)
            {
                turned[(lead * 300) + i] = matrix[lead, i];
            }
        }

        string path = Write(new MatMatrix("data", MatClass.Double, 300, 12, turned));
        SampleRecordings.AssertSameSamples(expected, RecordingReader.Read(path, RecordingDefaults.Standard));
    }

    [Fact]
    public void Read_Microvolts_BecomeMillivolts()
    {
        string path = Write(Row("data", 1500, -250));
        Recording recording = RecordingReader.Read(path, new RecordingDefaults { Leads = LeadAssignment.Of(Lead.II), Unit = PhysicalUnit.Microvolts });
        Assert.Equal([Lead.II], recording.Leads);
        Assert.Equal([1.5, -0.25], recording.Millivolts(0).ToArray());
    }

    [Fact]
    public void Read_IntegersWithScale_StayDigital()
    {
        string path = Write(new MatMatrix("val", MatClass.Int16, 1, 3, [100, -32767, 32767]));
        RecordingDefaults defaults = new() { Leads = LeadAssignment.Of(Lead.I), Gain = new StatedGain(400, 100) };
        Recording recording = RecordingReader.Read(path, defaults);
        Assert.Equal([100, -32767, 32767], recording.Digital(0).ToArray());
        double[] millivolts = new double[1];
        recording.CopyMillivolts(0, 0, millivolts.AsSpan());
        Assert.Equal(0, millivolts[0]);
        AssertRefused(path, RecordingFault.Scale, "--gain", defaults with { Gain = null });
    }

    [Fact]
    public void Read_SeveralVariables_DataWinsThenValThenTheOnlyMatrix()
    {
        RecordingDefaults defaults = new() { Leads = LeadAssignment.Of(Lead.I) };
        Assert.Equal(1, RecordingReader.Read(Write(Row("val", 2, 2), Row("data", 1, 1)), defaults).Millivolts(0)[0]);
        Assert.Equal(2, RecordingReader.Read(Write(Row("x", 1, 1), Row("val", 2, 2)), defaults).Millivolts(0)[0]);
        Recording only = RecordingReader.Read(Write(Row("ecg", 3, 3), Row("fs", 500)), defaults);
        Assert.Equal(3, only.Millivolts(0)[0]);
        Assert.Contains(only.Info.Notes, n => n.Contains("ecg", StringComparison.Ordinal));
        AssertRefused(Write(Row("left", 1, 1), Row("right", 1, 1)), RecordingFault.Ambiguous, "left", defaults);
    }

    [Fact]
    public void Read_FileThatStatesAnotherRate_IsRefused()
    {
        RecordingDefaults defaults = new() { Leads = LeadAssignment.Of(Lead.I) };
        AssertRefused(Write(Row("data", 3, 3), Row("Fs", 250)), RecordingFault.SampleRate, "states 250 Hz", defaults with { SampleRateHz = 500 });
        Assert.Equal(250, RecordingReader.Read(_folder.File("m.mat"), defaults).SampleRateHz);
        Assert.Equal(250, RecordingReader.Read(_folder.File("m.mat"), defaults with { SampleRateHz = 250 }).SampleRateHz);
    }

    [Fact]
    public void Read_OneLeadWithoutName_IsReadAsEcgWithANote()
    {
        Recording recording = RecordingReader.Read(Write(Row("data", 1, 2, 3)), RecordingDefaults.Standard);
        Assert.Equal([Lead.Ecg], recording.Leads);
        Assert.Contains(recording.Info.Notes, note => note.Contains("--lead", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3, 100)]
    [InlineData(12, 12)]
    public void Read_OtherShape_IsRefused(int rows, int columns) =>
        AssertRefused(Write(new MatMatrix("data", MatClass.Double, rows, columns, new double[rows * columns])), RecordingFault.Shape, "data");

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(4000)]
    public void Read_ValueThatIsNoEcg_IsRefusedWithLeadAndSample(double value)
    {
        double[] values = new double[12 * 50];
        values[(7 * 12) + 4] = value;
        RecordingFormatException refusal = AssertRefused(Write(new MatMatrix("data", MatClass.Double, 12, 50, values)), RecordingFault.SampleValue, "aVL");
        Assert.Contains("sample 8", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(99.9)]
    [InlineData(2000.1)]
    [InlineData(double.NaN)]
    public void Read_SampleRateOutsideLimits_IsRefused(double sampleRateHz) =>
        AssertRefused(Write(Row("data", 1, 2)), RecordingFault.SampleRate, "100 to 2000", new RecordingDefaults { SampleRateHz = sampleRateHz, Leads = LeadAssignment.Of(Lead.I) });

    [Fact]
    public void Read_IntegerWithoutExactDouble_IsRefused()
    {
        using MemoryStream stream = new();
        Mat5Writer.Write(stream, [new MatMatrix("data", MatClass.Int64, 1, 2, [1, 2])]);
        byte[] bytes = stream.ToArray();
        bytes[^1] = 0x40;
        RecordingDefaults defaults = new() { Leads = LeadAssignment.Of(Lead.I), Gain = new StatedGain(1000, 0) };
        AssertRefused(_folder.Write("big.mat", bytes), RecordingFault.Unsupported, "2^53", defaults);
    }

    [Theory]
    [InlineData(0x0806, "complex")]
    [InlineData(0x0209, "logical")]
    [InlineData(4, "Char")]
    [InlineData(5, "Sparse")]
    public void Read_OtherThanRealMatrix_IsRefused(int flags, string named)
    {
        byte[] bytes = Bytes(Row("data", 1, 2));
        bytes[128 + 16] = (byte)flags;
        bytes[128 + 17] = (byte)(flags >> 8);
        AssertRefused(_folder.Write("k.mat", bytes), RecordingFault.Unsupported, named);
    }

    [Fact]
    public void Read_ElementLongerThanFile_IsRefusedWithoutAllocating()
    {
        byte[] bytes = Bytes(Row("data", 1, 2));
        bytes[128 + 4] = bytes[128 + 5] = bytes[128 + 6] = 0xFF;
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(_folder.Write("long.mat", bytes), RecordingFault.Truncated, "byte offset 136");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Read_CompressedBomb_IsRefusedByTheStatedLimit()
    {
        string path = _folder.File("bomb.mat");
        Mat5Writer.Write(path, [new MatMatrix("data", MatClass.Double, 12, 100_000, new double[1_200_000])], new MatWriteOptions { Compress = true });
        RecordingDefaults defaults = new() { Limits = new RecordingLimits { MaxInflatedBytes = 1 << 20 } };
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(path, RecordingFault.LimitExceeded, "1048576", defaults);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.Equal(100_000, RecordingReader.Read(path, RecordingDefaults.Standard).SampleCount);
    }

    [Fact]
    public void Read_TooManyValues_IsRefused() =>
        AssertRefused(
            Write(new MatMatrix("data", MatClass.Double, 12, 100, new double[1200])),
            RecordingFault.LimitExceeded,
            "1199",
            new RecordingDefaults { Limits = new RecordingLimits { MaxValues = 1199 } });

    [Fact]
    public void Read_DamagedCompressedData_IsRefused()
    {
        byte[] bytes = Bytes(new MatMatrix("data", MatClass.Double, 12, 50, [.. Enumerable.Range(0, 600).Select(i => i * 0.001)]), new MatWriteOptions { Compress = true });
        bytes[^1] ^= 0xFF;
        AssertRefused(_folder.Write("damaged.mat", bytes), RecordingFault.Malformed, "damaged");
    }

    [Fact]
    public void Read_HeadThatIsNoMatFile_IsRefused()
    {
        byte[] bytes = new byte[600];
        "MATLAB 7.3 MAT-file"u8.CopyTo(bytes);
        bytes[125] = 2;
        bytes[126] = (byte)'I';
        bytes[127] = (byte)'M';
        AssertRefused(_folder.Write("new.mat", bytes), RecordingFault.Malformed, "7.3");
        AssertRefused(_folder.Write("text.mat", new string('x', 300)), RecordingFault.Malformed, "byte offset 126");
        AssertRefused(_folder.Write("empty.mat", ""), RecordingFault.Truncated, "empty.mat");
        AssertRefused(_folder.Write("vax.mat", [0xD0, 7, 0, 0, .. new byte[40]]), RecordingFault.Unsupported, "number format 2");
    }

    [Fact]
    public void Read_NoSuchFile_IsRefused() => AssertRefused(_folder.File("none.mat"), RecordingFault.Unreadable, "none.mat");

    private static MatMatrix Row(string name, params double[] values) => new(name, MatClass.Double, 1, values.Length, values);

    private static byte[] Bytes(MatMatrix matrix, MatWriteOptions? options = null)
    {
        using MemoryStream stream = new();
        Mat5Writer.Write(stream, [matrix], options);
        return stream.ToArray();
    }

    private string Write(params MatMatrix[] matrices)
    {
        string path = _folder.File("m.mat");
        Mat5Writer.Write(path, matrices);
        return path;
    }

    private static RecordingFormatException AssertRefused(string path, RecordingFault fault, string named, RecordingDefaults? defaults = null)
    {
        RecordingFormatException refusal = Assert.Throws<RecordingFormatException>(() => RecordingReader.Read(path, defaults ?? RecordingDefaults.Standard));
        Assert.Equal(fault, refusal.Fault);
        Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        return refusal;
    }
}
