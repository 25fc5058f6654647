using EcgStream.Client.Encoding;
using EcgStream.Client.Streaming;
using EcgStream.Formats;

namespace EcgStream.Simulator.Replay;

/// <summary>
/// One device of a replay: streams record after record, each as a session of its own, and waits for each one's results. Its clock never runs
/// backwards from one session to the next, however fast the records follow each other.
/// </summary>
internal sealed class ReplayDevice(
    string deviceId, ReplaySettings settings, DeviceStreamFactory streams, ResultCollector collector, ModelChoice choice, TimeProvider clock)
{
    /// <summary>Window and hop that every model's windows are cut with, in seconds.</summary>
    private const double WindowSeconds = 10;
    private const double HopSeconds = 1;

    /// <summary>How long the first record waits for further models before one is chosen.</summary>
    private static readonly TimeSpan ChoiceGrace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BetweenSessions = TimeSpan.FromSeconds(1);

    private long _lastEndUnixNs;

    /// <summary>The daemon could not be reached for too long, or will not have this device: further records would only wait as long.</summary>
    public bool Unreachable { get; private set; }

    public async Task<RecordOutcome> ReplayAsync(RecordingEntry entry, string? label, CancellationToken cancellation)
    {
        Recording recording;
        DeviceSamples samples;
        try
        {
            recording = entry.Read();
            samples = DeviceSamples.Of(recording);
        }
        catch (RecordingFormatException error)
        {
            return new RecordOutcome("", entry.Name, label, RecordStatus.Unreadable, null, default, error.Message);
        }

        label ??= recording.Info.Label is { } own ? LabelNames.FromFile(own) : null;
        var start = Math.Max(clock.UnixNs(), _lastEndUnixNs + (BetweenSessions.Ticks * TimeSpan.NanosecondsPerTick));
        var session = new DeviceSession(deviceId, DeviceSession.NewSessionId(), start, recording.SampleRateHz, recording.Leads);
        var results = collector.Expect(session.SessionId);
        await using var stream = streams.Open(deviceId);
        try
        {
            await SendAsync(stream, session, recording, samples, cancellation);
            var totals = await stream.CompleteAsync(cancellation);
            if (totals is { Refused: 0, Unanswered: 0 })
            {
                await WaitForResultsAsync(results, ExpectedWindows(recording), cancellation);
            }

            return Judge(recording, label, results, stream.Totals) with { Notes = recording.Info.Notes };
        }
        catch (OperationCanceledException)
        {
            return Outcome(RecordStatus.Stopped, "stopped");
        }
        catch (DeviceStreamException error)
        {
            Unreachable = true;
            return Outcome(RecordStatus.Lost, error.Message);
        }
        finally
        {
            collector.Forget(session.SessionId);
        }

        RecordOutcome Outcome(RecordStatus status, string message) =>
            new(deviceId, recording.Name, label, status, Predict(results), stream.Totals, message) { Notes = recording.Info.Notes };
    }

    private RecordOutcome Judge(Recording recording, string? label, RecordResults results, DeviceStreamTotals totals)
    {
        var prediction = Predict(results);
        var expected = ExpectedWindows(recording);
        var (status, message) = totals switch
        {
            { Refused: > 0 } => (RecordStatus.Refused, FormattableString.Invariant($"{totals.Refused} of {totals.Sent} chunks refused: {totals.FirstRefusal?.Message}")),
            { Unanswered: > 0 } => (RecordStatus.Lost, FormattableString.Invariant($"{totals.Unanswered} of {totals.Sent} chunks never answered")),
            _ when expected == 0 => (RecordStatus.Unanswered, FormattableString.Invariant($"{recording.Duration.TotalSeconds:0.###} s is shorter than a window of {WindowSeconds} s")),
            _ when prediction is null => (RecordStatus.Unanswered, collector.Fault ?? FormattableString.Invariant($"no result of {choice.Model ?? "any model"} within {settings.ResultTimeout.TotalSeconds} s")),
            _ when prediction.Windows < expected - RateTolerance(recording) =>
                (RecordStatus.Unanswered, FormattableString.Invariant($"{prediction.Windows} of {expected} windows answered within {settings.ResultTimeout.TotalSeconds} s")),
            _ => (RecordStatus.Answered, null),
        };
        return new RecordOutcome(deviceId, recording.Name, label, status, prediction, totals, message);
    }

    private RecordPrediction? Predict(RecordResults results) =>
        choice.Model is { } model && results.TryPredict(model, out var prediction) ? prediction : null;

    private async Task SendAsync(IDeviceStream stream, DeviceSession session, Recording recording, DeviceSamples samples, CancellationToken cancellation)
    {
        var builder = new ChunkBuilder(session);
        var plan = new ChunkPlan(recording.SampleCount, recording.SampleRateHz, settings.Chunk);
        var scale = samples.Scale;
        var buffer = Array.Empty<short>();
        var begin = clock.GetTimestamp();
        for (var start = 0; start < recording.SampleCount;)
        {
            var length = plan.LengthAt(start);
            Array.Resize(ref buffer, recording.LeadCount * length);
            for (var lead = 0; lead < recording.LeadCount; lead++)
            {
                samples[lead].Slice(start, length).CopyTo(buffer.AsSpan(lead * length));
            }

            var off = samples.ElectrodesOff(start, length);
            start += length;
            if (double.IsFinite(settings.Speed))
            {
                // A device sends a chunk when its last sample has been taken.
                var due = TimeSpan.FromSeconds(start / recording.SampleRateHz / settings.Speed) - clock.GetElapsedTime(begin);
                if (due > TimeSpan.Zero)
                {
                    await Task.Delay(due, clock, cancellation);
                }
            }

            var chunk = builder.FromDigital(buffer, length, scale.GainMicrovoltsPerLsb, scale.BaselineLsb, off, start == recording.SampleCount);
            _lastEndUnixNs = builder.EndUnixNs;
            await stream.SendAsync(chunk, cancellation);
        }
    }

    private async Task WaitForResultsAsync(RecordResults results, int expected, CancellationToken cancellation)
    {
        var begin = clock.GetTimestamp();
        while (expected > 0 && results.Windows(choice.Model) < expected && collector.Fault is null)
        {
            var changed = results.Changed;
            if (results.Windows(choice.Model) >= expected || collector.Fault is not null)
            {
                break;
            }

            var left = settings.ResultTimeout - clock.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero || !await CompletesWithinAsync(changed, left, cancellation))
            {
                break;
            }
        }

        if (choice.Model is null && results.Windows(null) > 0)
        {
            await Task.Delay(ChoiceGrace, clock, cancellation);
            choice.Choose(results.Models);
            await WaitForResultsAsync(results, expected, cancellation);
        }
    }

    private async Task<bool> CompletesWithinAsync(Task task, TimeSpan limit, CancellationToken cancellation)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = await Task.WhenAny(task, Task.Delay(limit, clock, pause.Token));
        await pause.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        return first == task;
    }

    /// <summary>Windows that the daemon cuts from a recording without gaps.</summary>
    internal static int ExpectedWindows(Recording recording)
    {
        var hops = Math.Floor(((recording.SampleCount / recording.SampleRateHz) - WindowSeconds) / HopSeconds);
        return hops < 0 ? 0 : (int)hops + 1;
    }

    /// <summary>Resampling to 500 Hz may cost the last samples, and with them one window.</summary>
    private static int RateTolerance(Recording recording) => recording.SampleRateHz == 500 ? 0 : 1;
}
