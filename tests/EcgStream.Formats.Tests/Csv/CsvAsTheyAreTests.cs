using System.Globalization;
using System.Text;
using EcgStream.Core.Signals;
using EcgStream.Formats.Csv;

namespace EcgStream.Formats.Tests.Csv;

/// <summary>Tables as recorders, watches and spreadsheets of many countries write them.</summary>
public sealed class CsvAsTheyAreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("I,II\n0.5,-1\n1.5,2\n")]
    [InlineData("I,II\r\n0.5,-1\r\n1.5,2\r\n")]
    [InlineData("I;II\n0,5;-1,0\n1,5;2,0\n")]
    [InlineData("I;II\n0.5;-1\n1.5;2\n")]
    [InlineData("I\tII\n0,5\t-1,0\n1,5\t2,0\n")]
    [InlineData("\"I\",\"II\"\n\"0,5\",\"-1,0\"\n\"1,5\",\"2,0\"\n")]
    [InlineData("I,II,\n0.5,-1,\n1.5,2,\n")]
    [InlineData(" I , II \n 0.5 , -1 \n 1.5 , 2 \n")]
    [InlineData("I II\n0.5  -1\n1.5   2\n")]
    [InlineData("I (mV),II [mV]\n5.0e-1,\u22121.0\n+1.50,2e0\n")]
    [InlineData("'Elapsed time','I','II'\n'seconds','mV','mV'\n0.000,0.5,-1\n0.002,1.5,2\n0.004,0,0\n")]
    [InlineData(",I,II\n0,0.5,-1\n1,1.5,2\n2,0,0\n")]
    [InlineData("# made by a recorder\n# patient: V\nI,II\n0.5,-1\n1.5,2\n")]
    public void Read_AnyDialect_TheSameSamples(string text)
    {
        Recording recording = RecordingReader.Read(_folder.Write("r.csv", text), RecordingDefaults.Standard);
        Assert.Equal([Lead.I, Lead.II], recording.Leads);
        Assert.Equal([0.5, 1.5], recording.Millivolts(0)[..2].ToArray());
        Assert.Equal([-1, 2], recording.Millivolts(1)[..2].ToArray());
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("latin1")]
    public void Read_AnyEncoding_WithOrWithoutItsMark(string name)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        byte[] bytes = encoding.GetBytes("II (µV)\n500\n1500\n");
        foreach (byte[] file in new[] { bytes, [.. encoding.GetPreamble(), .. bytes] })
        {
            Recording recording = RecordingReader.Read(_folder.Write("e.csv", file), RecordingDefaults.Standard);
            Assert.Equal([0.5, 1.5], recording.Millivolts(0).ToArray());
        }
    }

    [Theory]
    [InlineData("Sample Rate,512 hertz\nClassification,Sinus Rhythm\n\nLead,Lead I\nUnit,µV\n\n-134.5\n27.25\n1000\n", 512, -134.5)]
    [InlineData("Abtastrate,\"511,2 Hz\"\nAbleitung,Ableitung I\nEinheit,µV\n\n\"-134,5\"\n\"27,25\"\n", 511.2, -134.5)]
    [InlineData("Abtastrate,\"511,2 Hz\"\nAbleitung,I\nEinheit,µV\n\n-134,500\n27,250\n", 511.2, -134.5)]
    [InlineData("Fréquence d’échantillonnage,512 hertz\nDérivation,Dérivation I\nUnité,µV\n\n\"-134,5\"\n\"27,25\"\n", 512, -134.5)]
    [InlineData("采样率,512 赫兹\n导联,导联 I\n单位,µV\n\n-134.5\n27.25\n", 512, -134.5)]
    [InlineData("Frecuencia de muestreo,512 hercios\nDerivación,Derivación I\nUnidad,µV\n\n\"1.234,5\"\n\"27,25\"\n", 512, 1234.5)]
    public void Read_ExportOfAWatch_TakesRateUnitAndLead(string text, double rate, double first)
    {
        Recording recording = RecordingReader.Read(_folder.Write("w.csv", text), RecordingDefaults.Standard);
        Assert.Equal([Lead.I], recording.Leads);
        Assert.Equal(rate, recording.SampleRateHz);
        Assert.Equal(first / 1000, recording.Millivolts(0)[0], 9);
    }

    [Fact]
    public void Read_TimeColumn_GivesTheRateAndGaps()
    {
        Assert.Equal(250, Rows("time (ms),II", i => $"{i * 4},{i}").SampleRateHz);
        Assert.Equal(500, Rows("t,II", i => FormattableString.Invariant($"{i * 0.002:0.000},0")).SampleRateHz);
        Assert.Equal(200, Rows("timestamp,II", i => FormattableString.Invariant($"2024-01-01T10:00:{i * 0.005:00.000},0")).SampleRateHz);
        Recording gap = Rows("time,II", i => FormattableString.Invariant($"{(i < 5 ? i : i + 3) * 0.004},{i}"), new RecordingDefaults { MissingSamples = MissingSamplePolicy.Keep });
        Assert.Equal((250d, 23, 3), (gap.SampleRateHz, gap.SampleCount, (int)gap.MissingSampleCount));
    }

    [Fact]
    public void Read_RateOfTheFileAndOfTheCaller_MustAgree()
    {
        string path = _folder.Write("f.csv", "Sample Rate,512 hertz\nLead,Lead I\n\n1.5\n2.5\n");
        Assert.Contains("--fs 500", Assert.Throws<RecordingFormatException>(() => RecordingReader.Read(path, new RecordingDefaults { SampleRateHz = 500 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoHeader_TakesTheCallersLeadsOrTheStandardTwelve()
    {
        string two = _folder.Write("two.csv", "0.5,1.5\n0.25,1\n");
        LeadAssignment leads = LeadAssignment.Of(Lead.II, Lead.V1);
        Assert.Equal([Lead.II, Lead.V1], RecordingReader.Read(two, new RecordingDefaults { Leads = leads }).Leads);
        string twelve = _folder.Write("twelve.csv", string.Concat(Enumerable.Repeat(string.Join(',', Enumerable.Range(0, 12).Select(i => $"0.{i}")) + "\n", 3)));
        Assert.Equal(LeadNames.StandardTwelve, RecordingReader.Read(twelve, RecordingDefaults.Standard).Leads);
    }

    [Fact]
    public void Read_MissingFields_AreKeptWhereTheCallerSaysSo()
    {
        Recording recording = RecordingReader.Read(_folder.Write("m.csv", "I,II\n1.5,\nNaN,2.5\n1,1\n"), new RecordingDefaults { MissingSamples = MissingSamplePolicy.Keep });
        Assert.Equal(2, recording.MissingSampleCount);
        Assert.Equal(double.NaN, recording.Millivolts(1)[0]);
    }

    [Fact]
    public void Read_MicrovoltsTakenForMillivolts_AreToldAndFoundByAuto()
    {
        string text = "II\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => FormattableString.Invariant($"{(i % 400 == 0 ? 1200 : i % 7)}\n")));
        string path = _folder.Write("u.csv", text);
        Assert.Contains(RecordingReader.Read(path, RecordingDefaults.Standard).Info.Notes, note => note.Contains("--unit auto", StringComparison.Ordinal) && note.Contains("warning", StringComparison.Ordinal));
        Recording auto = RecordingReader.Read(path, new RecordingDefaults { Unit = PhysicalUnit.Auto });
        Assert.Equal(1.2, auto.Millivolts(0)[0], 9);
        Assert.DoesNotContain(auto.Info.Notes, note => note.Contains("warning", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("id,heartbeat_signals\n0,\"0.5,0.25\"\n")]
    [InlineData("id;heartbeat_signals\n0;\"0.5,0.25\"\n")]
    [InlineData(",id,heartbeat_signals\n9,0,\"0.5,0.25,\"\n")]
    [InlineData("id,heartbeat_signals\n0,0.5,0.25\n")]
    [InlineData("id,heartbeat_signals,label\n0,\"[0.5 0.25]\",0.0\n")]
    [InlineData("\uFEFFid,heartbeat_signals\r\n0,\"0.5,0.25\"\r\n")]
    public void Open_ListCsvOfAnyDialect_TheSameRow(string text)
    {
        RecordingEntry entry = Assert.Single(RecordingReader.Open(_folder.Write("l.csv", text), RecordingDefaults.Standard with { SampleRateHz = 125 }));
        Assert.Equal(("0", 125d), (entry.Name, entry.Read().SampleRateHz));
        Assert.Equal([0.5, 0.25], entry.Read().Millivolts(0).ToArray());
    }

    /// <summary>Any numbers written in any country's fashion read back, against parsing them one by one.</summary>
    [Fact]
    public void Read_AnyNumbers_SameAsParsedOneByOne() => Seeded.ForAll(200, random =>
    {
        (char separator, string culture) = random.Next(4) switch { 0 => (',', "."), 1 => (';', "."), 2 => ('\t', ","), _ => (';', ",") };
        NumberFormatInfo format = new() { NumberDecimalSeparator = culture };
        int columns = random.Next(2, 6);
        double[][] values = [.. Enumerable.Range(0, random.Next(2, 40)).Select(_ => Enumerable.Range(0, columns).Select(_ => Math.Round((random.NextDouble() * 20) - 10, 5) + 1e-6).ToArray())];
        StringBuilder text = new(string.Join(separator, LeadNames.StandardTwelve.Take(columns).Select(lead => lead.Name())) + "\n");
        foreach (double[] row in values)
        {
            text.Append(string.Join(separator, row.Select(value => value.ToString("0.000000", format)))).Append(random.Next(2) == 0 ? "\r\n" : "\n");
        }

        Recording recording = RecordingReader.Read(_folder.Write("p.csv", text.ToString()), RecordingDefaults.Standard);
        for (int lead = 0; lead < columns; lead++)
        {
            Assert.Equal(values.Select(row => double.Parse(row[lead].ToString("0.000000", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)), recording.Millivolts(lead).ToArray());
        }
    });

    private Recording Rows(string header, Func<int, string> row, RecordingDefaults? defaults = null) => RecordingReader.Read(
        _folder.Write("t.csv", header + "\n" + string.Concat(Enumerable.Range(0, 20).Select(i => row(i) + "\n"))), defaults ?? RecordingDefaults.Standard);
}
