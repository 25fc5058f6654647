using System.Diagnostics;
using EcgStream.Core.Signals;
using EcgStream.Formats.Csv;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats.Tests.Real;

public sealed class RealRecordingsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("china-ecg-2019", 12, 500.0)]
    [InlineData("cinc2017", 1, 300.0)]
    [InlineData("ptbxl-500", 12, 500.0)]
    [InlineData("twelve-lead-misc", 12, 500.0)]
    [InlineData("mitdb", 2, 360.0)]
    [InlineData("cinc2015-ecg60s", 2, 250.0)]
    [InlineData("svdb", 2, 128.0)]
    [InlineData("vfdb", 2, 250.0)]
    [InlineData("ludb", 12, 500.0)]
    public void Open_WholeSet_EveryRecordIsRead(string set, int leads, double sampleRateHz)
    {
        RecordingDefaults defaults = new() { MissingSamples = MissingSamplePolicy.Keep };
        RecordingSet records = RecordingReader.Open(RealData.Folder(set), defaults);
        Stopwatch watch = Stopwatch.StartNew();
        int count = 0;
        long samples = 0;
        int unverified = 0;
        int otherStart = 0;
        int withMissing = 0;
        foreach (RecordingEntry entry in records)
        {
            Recording recording = entry.Read();
            count++;
            samples += (long)recording.SampleCount * recording.LeadCount;
            unverified += recording.Info.Notes.Any(n => n.Contains("no checksum", StringComparison.Ordinal)) ? 1 : 0;
            otherStart += recording.Info.Notes.Any(n => n.Contains("the first sample is", StringComparison.Ordinal)) ? 1 : 0;
            withMissing += recording.MissingSampleCount > 0 ? 1 : 0;
            Assert.Equal(leads, recording.LeadCount);
            Assert.Equal(sampleRateHz, recording.SampleRateHz);
            Assert.Equal(entry.Name, recording.Name);
        }

        output.WriteLine(
            $"{set}: {count} records, {samples} samples, {count / watch.Elapsed.TotalSeconds:F0} records/s, {samples * 1e-6 / watch.Elapsed.TotalSeconds:F1} M samples/s; "
            + $"{unverified} without checksum, {otherStart} with another initial value, {withMissing} with missing samples; skipped {string.Join("; ", records.Skipped)}");
        Assert.True(count > 0);
        Assert.Equal(records.Count, count);
    }

    // Its converter uses the whole range of format 212, so that a clipped sample looks like a missing one.
    [Fact]
    public void Open_Cudb_NothingIsMissing() => Assert.All(
        RecordingReader.Open(RealData.Folder("cudb"), RecordingDefaults.Standard), entry => Assert.Equal((0L, 1), (entry.Read().MissingSampleCount, entry.Read().LeadCount)));

    [Fact]
    public void ExactGain_ChinaEcg_NothingIsLost()
    {
        int exact = 0;
        foreach (RecordingEntry entry in RecordingReader.Open(RealData.Folder("china-ecg-2019"), RecordingDefaults.Standard))
        {
            Recording physical = entry.Read();
            Recording digital = RecordingDigitizer.ToDigital(physical);
            exact += RecordingDigitizer.ExactGainMicrovolts(physical) is not null ? 1 : 0;
            double largest = 0;
            double[] back = new double[physical.SampleCount];
            for (int lead = 0; lead < physical.LeadCount; lead++)
            {
                digital.CopyMillivolts(lead, 0, back.AsSpan());
                ReadOnlySpan<double> original = physical.Millivolts(lead);
                for (int i = 0; i < back.Length; i++)
                {
                    largest = Math.Max(largest, Math.Abs(back[i] - original[i]));
                }
            }

            Assert.True(largest < 1e-5, $"{entry.Name}: {largest} mV off at {digital.Scale(0)}");
        }

        output.WriteLine($"{exact} with an exact gain");
    }

    [Fact]
    public void Read_MitdbAnnotations_CountsOfTheDirectory()
    {
        string folder = RealData.Folder("mitdb");

        // Beats of records 100 and 208 as the database's own directory states them.
        Recording record100 = RecordingReader.Read(Path.Combine(folder, "100"), RecordingDefaults.Standard);
        Assert.Equal(2273, record100.Info.Annotations!.Value.Count(a => a.IsBeat));
        Assert.Equal(33, record100.Info.Annotations!.Value.Count(a => a.Code == WfdbAnnotationCode.AtrialPremature));
        Assert.Equal(1, record100.Info.Annotations!.Value.Count(a => a.Code == WfdbAnnotationCode.VentricularPremature));
        Assert.Equal("(N", record100.Info.Annotations!.Value[0].Auxiliary);
        Recording record208 = RecordingReader.Read(Path.Combine(folder, "208"), RecordingDefaults.Standard);
        Assert.Equal(992, record208.Info.Annotations!.Value.Count(a => a.Code == WfdbAnnotationCode.VentricularPremature));
        Assert.Equal(373, record208.Info.Annotations!.Value.Count(a => a.Code == WfdbAnnotationCode.VentricularFusion));
        Assert.All(record208.Info.Annotations!.Value, a => Assert.InRange(a.SampleIndex, 0, record208.SampleCount - 1));
    }

    [Fact]
    public void Write_MitdbAnnotations_ReadBackTheSame()
    {
        // Not byte for byte: the database counts a closing NUL into its texts.
        string[] files = Directory.GetFiles(RealData.Folder("mitdb"), "*.atr");
        Assert.NotEmpty(files);
        foreach (string path in files)
        {
            using MemoryStream written = new();
            WfdbAnnotationWriter.Write(written, WfdbAnnotationReader.Read(path));
            Assert.Equal(WfdbAnnotationReader.Read(path), WfdbAnnotationReader.Parse(path, written.ToArray()));
        }
    }

    [Fact]
    public void Labels_OfEverySet_JoinEveryRecord()
    {
        string china = RealData.Folder("china-ecg-2019");
        LabelFile reference = LabelFile.Read(Path.Combine(china, "reference.txt"));
        RecordingSet train = RecordingReader.Open(Path.Combine(china, "TRAIN"), RecordingDefaults.Standard);
        Assert.All(train, e => Assert.True(reference.TryGet(e.Name, out _), e.Name));
        string cinc = RealData.Folder("cinc2017");
        LabelFile afLabels = LabelFile.Read(Path.Combine(cinc, "REFERENCE.csv"));
        Assert.All(RecordingReader.Open(cinc, RecordingDefaults.Standard), e => Assert.True(afLabels.TryGet(e.Name, out _), e.Name));
        output.WriteLine($"{reference.Count} and {afLabels.Count} labels");
    }

    [Fact]
    public void ReadRows_Tianchi_EveryRowHas205Values()
    {
        string folder = RealData.Folder("tianchi-heartbeat-subset");
        RecordingDefaults defaults = new() { Leads = LeadAssignment.Of(Lead.Ecg) };
        Stopwatch watch = Stopwatch.StartNew();
        int count = 0;
        foreach (RecordingEntry entry in RecordingReader.Open(Path.Combine(folder, "train.csv"), defaults))
        {
            Recording row = entry.Read();
            Assert.Equal(205, row.SampleCount);
            Assert.True(InvariantNumber.TryDouble(row.Info.Label, out double label) && label is >= 0 and <= 3);
            count++;
        }

        output.WriteLine($"{count} rows, {count / watch.Elapsed.TotalSeconds:F0} rows/s");
        Assert.Equal(1009, count);
        Assert.Equal(999, ListCsvReader.ReadRows(Path.Combine(folder, "testA.csv")).Count());
    }

    [Fact]
    public void Read_Nstdb_NoiseIsARecordButNoRecording()
    {
        string folder = RealData.Folder("nstdb-partial");
        WfdbRecord noise = WfdbRecordReader.Read(Path.Combine(folder, "bw.hea"));
        Assert.Equal(650000, noise.SampleCount);
        RecordingFormatException refusal = Assert.Throws<RecordingFormatException>(
            () => RecordingReader.Read(Path.Combine(folder, "bw"), RecordingDefaults.Standard));
        Assert.Contains("noise1", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, RecordingReader.Read(Path.Combine(folder, "118e00"), RecordingDefaults.Standard).LeadCount);
    }
}
