using System.Collections.Frozen;
using System.Diagnostics;
using EcgStream.Core.Signals;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Ingest;
using EcgStream.Daemon.Journal;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Daemon.Supervision;
using EcgStream.Inference;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Pipeline;

/// <summary>
/// Runs the shards. At start the journal's tail rebuilds the sessions before the first live chunk; at stop what is queued is worked off
/// within <see cref="PipelineOptions.DrainLimit"/>.
/// </summary>
internal sealed class PipelineService(
    ShardSet shards,
    ChunkJournal journal,
    AlarmJournal alarms,
    DeviceRegistry devices,
    DeviceDirectory known,
    ChunkTicketPool tickets,
    InferenceEngine models,
    ModelWindows windows,
    DaemonWatch daemon,
    IOptions<PipelineOptions> options,
    IOptions<IngestOptions> ingest,
    TimeProvider clock,
    ILogger<PipelineService> log) : IHostedService, IDisposable, IStageProgress
{
    private readonly CancellationTokenSource _stopping = new();
    private Task[] _loops = [];
    private Task? _polls;

    /// <summary>Every shard's loop is at work.</summary>
    public bool IsRunning => _loops.Length > 0 && _loops.All(loop => !loop.IsCompleted);

    string? IStageProgress.DescribeStuck() => _polls is null || _stopping.IsCancellationRequested ? null
        : !IsRunning ? "A shard has ended"
        : shards.All.Select(shard => shard.DescribeStuck()).FirstOrDefault(stuck => stuck is not null);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        daemon.Watch(models.Batchers.Select(model => new ModelFault(model, windows.DecidesBeats(model.Model.Name))));
        _loops = [.. shards.All.Select(shard => Task.Run(shard.RunAsync, CancellationToken.None))];
        await ReplayTailAsync(cancellationToken);
        _polls = PollAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_polls is not null)
        {
            await _polls;
        }

        foreach (var shard in shards.All)
        {
            shard.Complete();
        }

        try
        {
            // The stage's own limit, not the host's: what another stage took of that must not cost this one its drain.
            await Task.WhenAll(_loops).WaitAsync(options.Value.DrainLimit, clock, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            ShardLog.DrainIncomplete(log, shards.All.Sum(shard => shard.Depth), options.Value.DrainLimit);
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task ReplayTailAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var ids = new DeviceIdTable(ingest.Value.MaxDevices);
        using var source = new IngestSource(JournalTransport.Unknown, exclusive: true);
        source.Close(); // whoever sends next takes the session over
        var discharged = Discharged();
        var chunks = await journal.ReplayTailAsync(
            (record, stop) => ReplayAsync(record, ids, source, discharged, stop), cancellation);
        if (chunks > 0)
        {
            ShardLog.Replayed(log, chunks, known.Count, Stopwatch.GetElapsedTime(started));
        }
    }

    /// <summary>
    /// When each device was discharged; none where that cannot be read, for whoever sends is watched whatever the disk
    /// does.
    /// </summary>
    private FrozenDictionary<string, long> Discharged()
    {
        try
        {
            return DeviceDischarge.LastOf(alarms);
        }
        catch (Exception fault) when (fault is SqliteException or InvalidOperationException)
        {
            ShardLog.DischargesUnread(log, fault);
            return FrozenDictionary<string, long>.Empty;
        }
    }

    private async ValueTask ReplayAsync(
        JournalRecord record, DeviceIdTable ids, IngestSource source, FrozenDictionary<string, long> discharged,
        CancellationToken cancellation)
    {
        var ticket = tickets.Rent();
        record.Payload.Span.CopyTo(ticket.Buffer(record.Payload.Length));

        // A chunk that an older build accepted and this one refuses is passed over; so is one of a session that was
        // replaced, and what came before the device was discharged.
        if (!ChunkDecoder.TryDecode(ticket.Payload.Span, ids, out var header, out _)
            || record.IngestUnixNs <= discharged.GetValueOrDefault(header.DeviceId, long.MinValue)
            || !devices.TryGetOrAdd(header.DeviceId, out var device)
            || device.Admit(source, header, ticket.Fingerprint) != Admission.New)
        {
            ticket.Release();
            return;
        }

        ticket.Describe(header, device, record.Transport, record.IngestUnixNs, clock.GetTimestamp(), acks: null);
        device.MarkJournaled(ChunkIdentity.Of(header));
        device.TryMarkAnalysed(ChunkIdentity.Of(header), ticket.Fingerprint);
        await device.Shard.ReserveAsync(cancellation);
        device.Shard.Post(ticket);
    }

    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                foreach (var shard in shards.All)
                {
                    shard.Poll();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
