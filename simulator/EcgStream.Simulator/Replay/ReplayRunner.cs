using EcgStream.Client.Streaming;
using EcgStream.Formats;

namespace EcgStream.Simulator.Replay;

/// <summary>Replays the recordings of a path as devices, and gathers what the daemon makes of them.</summary>
public sealed class ReplayRunner(ReplaySettings settings, IReplayView view, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly ModelChoice _choice = new(settings.Model);

    /// <summary>Grows while the replay runs.</summary>
    public ReplayReport Report { get; } = new(settings, clock);

    /// <summary>The model whose results count; null as long as none is named and none has answered.</summary>
    public string? Model => _choice.Model;

    /// <summary>Files that have a recording's extension and are none; no damage, but said.</summary>
    public IReadOnlyList<string> Skipped { get; private set; } = [];

    /// <summary>Runs to the end, or until cancelled; then the records under way are marked as stopped.</summary>
    /// <exception cref="RecordingFormatException">The path or the label file cannot be read at all.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var labels = settings.LabelsPath is { } path ? LabelFile.Read(FindLabels(path, settings.Path)) : null;
        var set = RecordingReader.Open(settings.Path, settings.Defaults);
        Skipped = set.Skipped;
        view.Begin(settings.Loop ? null : set.Count);
        using var cursor = new RecordCursor(set, settings.Loop);
        string[] devices = [.. Enumerable.Range(1, settings.Devices).Select(number => FormattableString.Invariant($"{settings.DevicePrefix}-{number:0000}"))];
        await using var collector = new ResultCollector(settings.Results, devices, settings.ConnectTimeout, clock);
        var options = new DeviceStreamOptions { Site = settings.Site, GiveUpAfter = settings.ConnectTimeout };
        using var streams = new DeviceStreamFactory(settings.To, options, clock);
        await Task.WhenAll(devices.Select(id => RunDeviceAsync(new ReplayDevice(id, settings, streams, collector, _choice, clock), cursor, labels, cancellation)));
    }

    /// <summary>A relative label file that is not in the current folder is looked for beside the recordings, then above them.</summary>
    private static string FindLabels(string labels, string recordings)
    {
        if (Path.IsPathRooted(labels) || File.Exists(labels))
        {
            return labels;
        }

        var folder = Directory.Exists(recordings) ? recordings : Path.GetDirectoryName(Path.GetFullPath(recordings))!;
        string[] places = [Path.Combine(folder, labels), Path.Combine(folder, "..", labels)];
        return places.FirstOrDefault(File.Exists) ?? labels;
    }

    private async Task RunDeviceAsync(ReplayDevice device, RecordCursor cursor, LabelFile? labels, CancellationToken cancellation)
    {
        // Reading files must not hold up the thread that starts the devices.
        await Task.Yield();
        while (!cancellation.IsCancellationRequested && !device.Unreachable && TryNext(cursor, out var entry))
        {
            var label = labels is not null && labels.TryGet(entry.Name, out var found) ? LabelNames.FromFile(found) : null;
            var outcome = await device.ReplayAsync(entry, label, cancellation);
            Add(outcome);
        }
    }

    private bool TryNext(RecordCursor cursor, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RecordingEntry? entry)
    {
        try
        {
            return cursor.TryNext(out entry);
        }
        catch (RecordingFormatException error)
        {
            // A CSV of many that breaks off in the middle: what came before it counts, what follows is not to be had.
            Add(new RecordOutcome("", Path.GetFileNameWithoutExtension(error.FilePath), null, RecordStatus.Unreadable, null, default, error.Message));
            entry = null;
            return false;
        }
    }

    private void Add(RecordOutcome outcome)
    {
        Report.Add(outcome);
        lock (_gate)
        {
            view.Add(outcome, Report.Totals);
        }
    }
}
