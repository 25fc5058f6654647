using System.Text;
using System.Text.Json;
using EcgStream.Client.Streaming;

namespace EcgStream.Simulator.Replay;

/// <summary>
/// What a replay did, as JSON: the settings that matter, one entry per record in the order in which they ended, and the totals. With <c>--loop</c> a record
/// keeps its last entry, so that the report does not grow without end; the totals count every pass.
/// </summary>
public sealed class ReplayReport(ReplaySettings settings, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<RecordOutcome> _records = [];
    private readonly long _start = clock.GetTimestamp();

    public ReplayTotals Totals { get; } = new();

    /// <summary>Entries so far.</summary>
    public IReadOnlyList<RecordOutcome> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>Since the replay began.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    public void Add(RecordOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        lock (_gate)
        {
            Totals.Add(outcome);
            if (settings.Loop && _places.TryGetValue(outcome.Record, out var place))
            {
                _records[place] = outcome;
                return;
            }

            _places[outcome.Record] = _records.Count;
            _records.Add(outcome);
        }
    }

    /// <summary>Writes the report; the file appears whole or not at all.</summary>
    public void Write(string path, string? model)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = path + ".part";
        using (var file = File.Create(temporary))
        {
            Write(file, model);
        }

        File.Move(temporary, path, overwrite: true);
    }

    public void Write(Stream stream, string? model)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        lock (_gate)
        {
            json.WriteStartObject();
            json.WriteString("path", settings.Path);
            json.WriteString("to", settings.To.ToString());
            json.WriteString("results", settings.Results.ToString());
            json.WriteString("model", model);
            json.WriteString("speed", double.IsFinite(settings.Speed) ? FormattableString.Invariant($"{settings.Speed}") : "max");
            json.WriteNumber("devices", settings.Devices);
            json.WriteStartArray("entries");
            foreach (var record in _records)
            {
                Write(json, record);
            }

            json.WriteEndArray();
            WriteTotals(json);
            json.WriteEndObject();
        }

        json.Flush();
        stream.Write(Encoding.UTF8.GetBytes("\n"));
    }

    private static void Write(Utf8JsonWriter json, RecordOutcome record)
    {
        json.WriteStartObject();
        json.WriteString("device", record.Device);
        json.WriteString("record", record.Record);
        json.WriteString("status", Name(record.Status));
        json.WriteString("label", record.Label);
        json.WriteString("predicted", record.Prediction?.Label);
        WriteFlag(json, "correct", record.Correct);
        if (record.Prediction is { } prediction)
        {
            json.WriteString("model", prediction.Model);
            json.WriteString("modelVersion", prediction.ModelVersion);
            json.WriteStartObject("scores");
            for (var i = 0; i < prediction.Labels.Count; i++)
            {
                json.WriteNumber(prediction.Labels[i], Math.Round(prediction.Scores[i], 6));
            }

            json.WriteEndObject();
            json.WriteNumber("windows", prediction.Windows);
            json.WriteNumber("firstResultMs", Math.Round(prediction.FirstResultMs, 3));
        }

        WriteChunks(json, record.Chunks);
        if (record.Message is { } message)
        {
            json.WriteString("message", message);
        }

        if (record.Notes.Count > 0)
        {
            json.WriteStartArray("notes");
            foreach (var note in record.Notes)
            {
                json.WriteStringValue(note);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteChunks(Utf8JsonWriter json, DeviceStreamTotals chunks)
    {
        json.WriteStartObject("chunks");
        json.WriteNumber("sent", chunks.Sent);
        json.WriteNumber("acked", chunks.Acked);
        json.WriteNumber("duplicate", chunks.Duplicate);
        json.WriteNumber("refused", chunks.Refused);
        json.WriteNumber("lost", chunks.Unanswered);
        json.WriteNumber("resent", chunks.Resent);
        json.WriteEndObject();
    }

    private void WriteTotals(Utf8JsonWriter json)
    {
        json.WriteStartObject("totals");
        json.WriteNumber("records", Totals.Records);
        json.WriteNumber("answered", Totals.Answered);
        json.WriteNumber("unreadable", Totals.Unreadable);
        json.WriteNumber("stopped", Totals.Stopped);
        json.WriteNumber("sent", Totals.Sent);
        json.WriteNumber("acked", Totals.Acked);
        json.WriteNumber("duplicate", Totals.Duplicate);
        json.WriteNumber("refused", Totals.Refused);
        json.WriteNumber("lost", Totals.Lost);
        json.WriteNumber("resent", Totals.Resent);
        json.WriteNumber("windows", Totals.Windows);
        json.WriteNumber("seconds", Math.Round(Elapsed.TotalSeconds, 3));
        if (Totals.Accuracy is { } accuracy)
        {
            json.WriteNumber("scored", Totals.Scored);
            json.WriteNumber("correct", Totals.Correct);
            json.WriteNumber("accuracy", Math.Round(accuracy, 6));
            json.WriteStartObject("confusion");
            foreach (var (label, row) in Totals.Confusion)
            {
                json.WriteStartObject(label);
                foreach (var (predicted, count) in row)
                {
                    json.WriteNumber(predicted, count);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known)
        {
            json.WriteBoolean(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Name(RecordStatus status) => status switch
    {
        RecordStatus.Answered => "answered",
        RecordStatus.Unanswered => "unanswered",
        RecordStatus.Refused => "refused",
        RecordStatus.Lost => "lost",
        RecordStatus.Unreadable => "unreadable",
        _ => "stopped",
    };
}
