using EcgStream.Core.Signals;
using EcgStream.Formats.Csv;

namespace EcgStream.Formats.Tests.Csv;

public sealed class CsvRecordingTests : IDisposable
{
    private static readonly RecordingDefaults OneLead = new() { Leads = LeadAssignment.Of(Lead.Ecg) };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_AnyQuotedFields_ComeBack() => Seeded.ForAll(300, random =>
    {
        string[][] rows =
            [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Enumerable.Range(0, 3).Select(i => i == 0 ? "k" + Text(random) : Text(random)).ToArray())];
        string end = random.Next(2) == 0 ? "\n" : "\r\n";
        string text = string.Join(end, rows.Select(r => string.Join(',', r.Select(CsvText.Quote)))) + (random.Next(2) == 0 ? end : "");
        using CsvRowReader reader = new(new StringReader(text), "x.csv", 10_000);
        foreach (string[] row in rows)
        {
            Assert.True(reader.Read());
            Assert.Equal(row, Enumerable.Range(0, reader.FieldCount).Select(i => reader.Field(i).ToString()));
        }

        Assert.False(reader.Read());
    });

    [Theory]
    [InlineData("a,\"b", RecordingFault.Truncated, "line 1, field 2")]
    [InlineData("a\n\"b\"c,d", RecordingFault.Malformed, "line 2, field 1")]
    [InlineData("a\"b", RecordingFault.Malformed, "field 1")]
    [InlineData("12345678901", RecordingFault.LimitExceeded, "10 characters")]
    public void Read_DamagedText_IsRefused(string text, RecordingFault fault, string named)
    {
        using CsvRowReader reader = new(new StringReader(text), "x.csv", 10);
        RecordingFormatException refusal = Assert.Throws<RecordingFormatException>(() =>
        {
            while (reader.Read())
            {
            }
        });
        Assert.Equal(fault, refusal.Fault);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ListCsv_StreamsARecordingPerRow()
    {
        Random random = new(4);
        Recording[] written = [.. Enumerable.Range(0, 25).Select(i => Labelled(SampleRecordings.Physical(random, $"{i}", 1, 205), $"{i % 4}"))];
        CsvRecordingWriter.WriteLists(_folder.File("train.csv"), written);
        RecordingSet set = RecordingReader.Open(_folder.File("train.csv"), new RecordingDefaults { Leads = LeadAssignment.Of(Lead.I) });
        Assert.Null(set.Count);
        Recording[] read = [.. set.Select(e => e.Read())];
        Assert.Equal(written.Length, read.Length);
        for (int i = 0; i < read.Length; i++)
        {
            SampleRecordings.AssertSameSamples(written[i], read[i]);
            Assert.Equal((written[i].Name, written[i].Info.Label), (read[i].Name, read[i].Info.Label));
        }
    }

    [Fact]
    public void Open_ListCsvWithBadRows_TheOthersGoOn()
    {
        string path = _folder.Write("t.csv", "id,heartbeat_signals,label\n0,\"0.5,0.25\",1\n1,\"0.5,x\",0\n2,\"0.5\",0\n3,\"nan,1\",0\n4,\"1,0\",2\n");
        List<string> read = [];
        List<string> refused = [];
        foreach (RecordingEntry entry in RecordingReader.Open(path, OneLead))
        {
            try
            {
                read.Add(entry.Read().Name);
            }
            catch (RecordingFormatException e)
            {
                refused.Add(e.Message);
            }
        }

        Assert.Equal(["0", "4"], read);
        Assert.Equal(3, refused.Count);
        Assert.Contains("line 3, id 1, value 2: 'x'", refused[0], StringComparison.Ordinal);
        Assert.Contains("line 4, id 2: 1 values, the first row has 2", refused[1], StringComparison.Ordinal);
        Assert.Contains("line 5", refused[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ListCsvWithoutLead_IsReadAsEcgWithANote()
    {
        string path = _folder.Write("t.csv", "id,heartbeat_signals\n0,\"0.5,0.25\"\n");
        Recording recording = RecordingReader.Read(path, RecordingDefaults.Standard);
        Assert.Equal([Lead.Ecg], recording.Leads);
        Assert.Contains(recording.Info.Notes, note => note.Contains("--lead", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_LeadCsv_AsWritten()
    {
        Recording written = SampleRecordings.Physical(new Random(3), "c", 12, 400);
        CsvRecordingWriter.WriteLeads(_folder.File("c.csv"), written);
        SampleRecordings.AssertSameSamples(written, RecordingReader.Read(_folder.File("c.csv"), RecordingDefaults.Standard));
    }

    [Theory]
    [InlineData("HR,PLETH\n1,2\n", RecordingFault.Lead, "'PLETH'")]
    [InlineData("I,II\n1,2\n1\n", RecordingFault.Shape, "line 3")]
    [InlineData("I,II\n1,2\n1,\n", RecordingFault.SampleValue, "lead II, sample 2")]
    [InlineData("I,II\n1,2\n1,NaN\n", RecordingFault.SampleValue, "--missing keep")]
    [InlineData("I,II\n", RecordingFault.Malformed, "no rows of numbers")]
    [InlineData("1,2\n3,5\n", RecordingFault.Lead, "--lead II,V1")]
    [InlineData("I,II\n1,2\n3,x\n", RecordingFault.Malformed, "line 3, field 2: 'x'")]
    [InlineData("I (mV),II (uV)\n1,2\n3,4\n", RecordingFault.Scale, "different units")]
    [InlineData("time,II\n0,1\n0.004,2\n0.008,2\n1,2\n1.004,2\n", RecordingFault.SampleValue, "line 5: time jumps")]
    [InlineData("record,label\nA,1\n", RecordingFault.Malformed, "no rows of numbers")]
    [InlineData("", RecordingFault.Malformed, "no rows of numbers")]
    public void Read_CsvThatIsNoRecording_IsRefused(string text, RecordingFault fault, string named)
    {
        string path = _folder.Write("b.csv", text);
        RecordingFormatException refusal = Assert.Throws<RecordingFormatException>(() => RecordingReader.Read(path, RecordingDefaults.Standard));
        Assert.Equal(fault, refusal.Fault);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
    }

    private static Recording Labelled(Recording recording, string label) => recording.With(recording.Info with { Label = label });

    private static string Text(Random random)
    {
        const string Alphabet = "ab1.,\"\n ;";
        return new string([.. Enumerable.Range(0, random.Next(0, 8)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
    }
}
