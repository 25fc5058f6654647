namespace EcgStream.Formats.Tests;

public sealed class LabelFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TRAIN101\t1\nTRAIN102\t0\n")]
    [InlineData("TRAIN101,1\r\nTRAIN102,0\r\n")]
    [InlineData("record,label\nTRAIN101,1\nTRAIN102,0")]
    [InlineData("TRAIN101 1\n\nTRAIN102 0\n")]
    [InlineData("TRAIN/TRAIN101.mat;1\nTRAIN102.hea;0\n")]
    public void Read_TwoColumns_ByAnySeparator(string text)
    {
        LabelFile labels = LabelFile.Read(_folder.Write("reference.txt", text));
        Assert.Equal(2, labels.Count);
        Assert.True(labels.TryGet("TRAIN101", out string? one));
        Assert.Equal("1", one);
        Assert.True(labels.TryGet("TRAIN102.mat", out string? zero));
        Assert.Equal("0", zero);
        Assert.False(labels.TryGet("TRAIN103", out _));
    }

    [Fact]
    public void Read_NamedColumns_OthersAreLeftOut()
    {
        string path = _folder.Write("index.csv", "record,leads,fs,dx\nE1,12,500,\"4,5\"\n");
        Assert.True(LabelFile.Read(path, (0, 3)).TryGet("E1", out string? label));
        Assert.Equal("4,5", label);
        Assert.Throws<RecordingFormatException>(() => LabelFile.Read(path));
    }

    [Theory]
    [InlineData("A,1\nB\n", RecordingFault.Shape, "line 2")]
    [InlineData("A,1\nA,0\n", RecordingFault.Ambiguous, "'A'")]
    [InlineData("A,1\nB,\n", RecordingFault.Malformed, "line 2")]
    [InlineData("", RecordingFault.Truncated, "no label")]
    public void Read_Damaged_IsRefused(string text, RecordingFault fault, string named)
    {
        RecordingFormatException refusal = Assert.Throws<RecordingFormatException>(() => LabelFile.Read(_folder.Write("r.csv", text)));
        Assert.Equal(fault, refusal.Fault);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AnyLabels_ReadBack()
    {
        string path = _folder.File("reference.txt");
        LabelFile.Write(path, [new("b", "AF, fast"), new("a", "0")]);
        Assert.Equal([new("a", "0"), new("b", "AF, fast")], LabelFile.Read(path).Labels.OrderBy(l => l.Key, StringComparer.Ordinal));
    }
}
