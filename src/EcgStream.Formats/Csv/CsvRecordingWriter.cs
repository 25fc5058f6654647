using System.Globalization;
using System.Text;
using EcgStream.Core.Signals;

namespace EcgStream.Formats.Csv;

/// <summary>Writes recordings as CSV, in millivolts, in the shortest form that reads back as the same number.</summary>
public static class CsvRecordingWriter
{
    /// <summary>A header of lead names, then one sample of every lead per row.</summary>
    public static void WriteLeads(string path, Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        double[][] rows = RecordingWriter.ToMillivolts(recording);
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', recording.Leads.Select(l => l.Name())));
        StringBuilder line = new();
        for (int i = 0; i < recording.SampleCount; i++)
        {
            line.Clear();
            foreach (double[] row in rows)
            {
                line.Append(line.Length == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{row[i]:R}");
            }

            writer.WriteLine(line);
        }
    }

    /// <summary>
    /// One recording of a single lead per row: <c>id,heartbeat_signals</c>, and <c>label</c> where the first recording has one.
    /// </summary>
    public static void WriteLists(string path, IEnumerable<Recording> recordings)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        bool? labelled = null;
        foreach (Recording recording in recordings)
        {
            if (recording.LeadCount != 1)
            {
                throw new ArgumentException($"{recording.Name} has {recording.LeadCount} leads; a row holds one", nameof(recordings));
            }

            if (labelled is null)
            {
                labelled = recording.Info.Label is not null;
                writer.WriteLine(labelled.Value ? "id,heartbeat_signals,label" : "id,heartbeat_signals");
            }

            if (labelled != recording.Info.Label is not null)
            {
                throw new ArgumentException($"{recording.Name}: either all recordings have a label or none", nameof(recordings));
            }

            double[] values = RecordingWriter.ToMillivolts(recording)[0];
            writer.Write(CsvText.Quote(recording.Name));
            writer.Write(",\"");
            writer.Write(string.Join(',', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture))));
            writer.Write('"');
            writer.WriteLine(labelled.Value ? "," + CsvText.Quote(recording.Info.Label!) : "");
        }
    }
}
