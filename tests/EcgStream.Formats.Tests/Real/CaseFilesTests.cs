using EcgStream.Core.Signals;

namespace EcgStream.Formats.Tests.Real;

/// <summary>The awkward files of users' tools, which stay outside the repository: skipped where ECG_CASES names no folder of them.</summary>
public sealed class CaseFilesTests
{
    [Theory]
    [InlineData("csv-applewatch/ecg_2024-01-01.csv", 1, 512)]
    [InlineData("csv-applewatch/ecg_de.csv", 1, 511.2)]
    [InlineData("csv-locale/bom_crlf.csv", 2, 500)]
    [InlineData("csv-locale/dupcol.csv", 1, 500)]
    [InlineData("csv-locale/sci.csv", 2, 500)]
    [InlineData("csv-locale/semi.csv", 2, 500)]
    [InlineData("csv-locale/thousand.csv", 2, 500)]
    [InlineData("csv-locale/time.csv", 2, 250)]
    [InlineData("csv-locale/trailing.csv", 2, 500)]
    [InlineData("csv-locale/unit.csv", 2, 500)]
    [InlineData("csv-locale/utf16.csv", 2, 500)]
    [InlineData("ec57-edb-leads/e1.hea", 2, 250)]
    [InlineData("ec57-edb-leads/e3.hea", 2, 250)]
    [InlineData("ec57-edb-leads/e4.hea", 1, 250)]
    [InlineData("mat-cpsc-struct/A0001.mat", 12, 500)]
    [InlineData("wfdb-atr-noend/ne.hea", 2, 250)]
    [InlineData("wfdb-extra-lines/x1.hea", 2, 250)]
    [InlineData("wfdb-fmt61/be.hea", 2, 250)]
    [InlineData("wfdb-fmt61/l32.hea", 2, 250)]
    [InlineData("wfdb-gain0/g0.hea", 2, 250)]
    [InlineData("wfdb-multiseg/m.hea", 2, 250)]
    [InlineData("wfdb-ptb-frank/s1.hea", 12, 500)]
    public void Read_Case_HasItsLeadsAndRate(string file, int leads, double rate)
    {
        Recording recording = RecordingReader.Read(Path.Combine(Folder(), file), RecordingDefaults.Standard);
        Assert.Equal((leads, rate), (recording.LeadCount, recording.SampleRateHz));
        Assert.DoesNotContain(recording.Info.Notes, note => note.StartsWith("warning", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("csv-locale/noheader.csv", "--lead")]
    [InlineData("csv-tianchi/huge.csv", "line 2, id 0")]
    [InlineData("mat-v73/A0002.mat", "7.3")]
    [InlineData("wfdb-missing/miss.hea", "--missing keep")]
    public void Read_CaseThatNeedsAnOption_IsRefusedWithIt(string file, string named) => Assert.Contains(
        named,
        Assert.Throws<RecordingFormatException>(() => RecordingReader.Read(Path.Combine(Folder(), file), RecordingDefaults.Standard)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_MissingSamplesKept_LeadIsOffThere()
    {
        RecordingDefaults keep = new() { MissingSamples = MissingSamplePolicy.Keep };
        DeviceSamples samples = DeviceSamples.Of(RecordingReader.Read(Path.Combine(Folder(), "wfdb-missing/miss.hea"), keep));
        Assert.Equal(Lead.V1.Bit(), Electrodes.LeadsOff(samples.ElectrodesOff(3000, 500), LeadList.Of(Lead.MLII, Lead.V1)));
        Assert.Equal(0u, samples.ElectrodesOff(0, 3000));
    }

    private static string Folder()
    {
        string? folder = Environment.GetEnvironmentVariable("ECG_CASES");
        Assert.SkipUnless(Directory.Exists(folder), "ECG_CASES names no folder of case files");
        return folder!;
    }
}
