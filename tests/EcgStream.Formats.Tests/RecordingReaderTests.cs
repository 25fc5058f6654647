using EcgStream.Core.Signals;
using EcgStream.Formats.Csv;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats.Tests;

public sealed class RecordingReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Directory_ListsAllFormatsInNaturalOrder()
    {
        Random random = new(1);
        Directory.CreateDirectory(_folder.File("TRAIN"));
        foreach (int number in (int[])[10, 2, 1])
        {
            RecordingWriter.WriteMat5(_folder.File($"TRAIN/TRAIN{number}.mat"), SampleRecordings.Physical(random, "x", 12, 50));
        }

        WfdbRecordingWriter.Write(_folder.Path, SampleRecordings.Digital(random, "A9", 12, 50), new WfdbWriteOptions { AsMat4 = true });
        CsvRecordingWriter.WriteLeads(_folder.File("B.csv"), SampleRecordings.Physical(random, "B", 2, 50));
        _folder.Write("reference.txt", "A9\t1\n");
        _folder.Write("REFERENCE.csv", "A9,1\n");
        RecordingSet set = RecordingReader.Open(_folder.Path, RecordingDefaults.Standard);
        Assert.Equal(["A9", "B", "TRAIN1", "TRAIN2", "TRAIN10"], set.Select(e => e.Name));
        Assert.Equal(5, set.Count);
        Assert.Equal(
            [RecordingFormat.Wfdb, RecordingFormat.LeadCsv, RecordingFormat.Mat5, RecordingFormat.Mat5, RecordingFormat.Mat5],
            set.Select(e => e.Read().Info.Format));
        Assert.Contains("REFERENCE.csv", Assert.Single(set.Skipped), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DirectoryWithADamagedRecord_TheOthersGoOn()
    {
        RecordingWriter.WriteMat5(_folder.File("a.mat"), SampleRecordings.Physical(new Random(1), "a", 12, 50));
        _folder.Write("b.mat", "no MAT file at all, but long enough for nothing");
        RecordingWriter.WriteMat4(_folder.File("c.mat"), SampleRecordings.Physical(new Random(1), "c", 12, 50));
        RecordingEntry[] entries = [.. RecordingReader.Open(_folder.Path, RecordingDefaults.Standard)];
        Assert.Equal(50, entries[0].Read().SampleCount);
        Assert.Throws<RecordingFormatException>(entries[1].Read);
        Assert.Equal(RecordingFormat.Mat4, entries[2].Read().Info.Format);
    }

    [Fact]
    public void Open_NothingToRead_IsRefused()
    {
        Assert.Throws<RecordingFormatException>(() => RecordingReader.Open(_folder.Path, RecordingDefaults.Standard));
        Assert.Throws<RecordingFormatException>(() => RecordingReader.Open(_folder.File("none"), RecordingDefaults.Standard));
        Assert.Throws<RecordingFormatException>(() => RecordingReader.Open(_folder.Write("x.edf", "0"), RecordingDefaults.Standard));
        _folder.Write("y.mat", "0");
        RecordingDefaults few = new() { Limits = new RecordingLimits { MaxDirectoryFiles = 1 } };
        Assert.Equal(RecordingFault.LimitExceeded, Assert.Throws<RecordingFormatException>(() => RecordingReader.Open(_folder.Path, few)).Fault);
    }

    [Fact]
    public void Compare_AnyNames_IsATotalOrder() => Seeded.ForAll(2000, random =>
    {
        string[] names = [.. Enumerable.Range(0, 3).Select(_ => new string([.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => "ab019"[random.Next(5)])]))];
        NaturalNameComparer order = NaturalNameComparer.Instance;
        Assert.Equal(Math.Sign(order.Compare(names[0], names[1])), -Math.Sign(order.Compare(names[1], names[0])));
        Assert.Equal(names[0] == names[1], order.Compare(names[0], names[1]) == 0);
        if (order.Compare(names[0], names[1]) <= 0 && order.Compare(names[1], names[2]) <= 0)
        {
            Assert.True(order.Compare(names[0], names[2]) <= 0, string.Join(' ', names));
        }
    });

    [Theory]
    [InlineData(2.44)]
    [InlineData(4.88)]
    [InlineData(1)]
    [InlineData(0.5)]
    public void ToDigital_MultiplesOfAStep_TheStepIsFound(double stepMicrovolts) => Seeded.ForAll(40, random =>
    {
        // As files store them: rounded to some decimals, or to single precision.
        bool single = random.Next(2) == 0;
        double[][] rows = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, 400).Select(_ => random.Next(-1500, 1500) * stepMicrovolts / 1000).Select(v => single ? (float)v : Math.Round(v, 7)).ToArray())];
        Recording recording = Recording.FromPhysical(SampleRecordings.Info("x", 2), rows);
        Recording digital = RecordingDigitizer.ToDigital(recording);
        Assert.Equal(stepMicrovolts, digital.Scale(0).GainMicrovoltsPerLsb, 1e-4);
    });

    [Fact]
    public void ToDigital_NoCommonStep_AtMostHalfAnLsbOff()
    {
        Recording recording = SampleRecordings.Physical(new Random(5), "x", 3, 1000);
        Assert.Null(RecordingDigitizer.ExactGainMicrovolts(recording));
        Recording digital = RecordingDigitizer.ToDigital(recording);
        Assert.Equal(1, digital.Scale(0).GainMicrovoltsPerLsb);
        double[] back = new double[1000];
        digital.CopyMillivolts(1, 0, back.AsSpan());
        for (int i = 0; i < back.Length; i++)
        {
            Assert.Equal(recording.Millivolts(1)[i], back[i], 0.000501);
        }

        RecordingFormatException refusal = Assert.Throws<RecordingFormatException>(() => RecordingDigitizer.ToDigital(recording, 0.01));
        Assert.Equal(RecordingFault.SampleValue, refusal.Fault);
    }

    [Fact]
    public void FromDigital_LeadTwiceOrUndefined_IsRefused()
    {
        RecordingInfo info = SampleRecordings.Info("x", 1) with { Leads = [Lead.None] };
        Assert.Throws<RecordingFormatException>(() => Recording.FromDigital(info, [[1]], [new LeadScale(1, 0)]));
        Assert.Throws<RecordingFormatException>(() => Recording.FromDigital(info with { Leads = [Lead.I, Lead.I] }, [[1], [1]], [new(1, 0), new(1, 0)]));
        Assert.Throws<RecordingFormatException>(() => Recording.FromDigital(info with { Leads = [Lead.I] }, [[1]], [new(0, 0)]));
        Assert.Throws<RecordingFormatException>(() => Recording.FromDigital(info with { Leads = [Lead.I] }, [[]], [new(1, 0)]));
    }
}
