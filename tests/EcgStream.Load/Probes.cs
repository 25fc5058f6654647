using System.Globalization;
using EcgStream.Client.Subscriptions;
using EcgStream.Core.Time;
using EcgStream.Protocol.V1;
using Grpc.Net.Client;

namespace EcgStream.Load;

/// <summary>A clinician's side: follows results and alarms as they are published and keeps their latencies.</summary>
internal sealed class Probes(GrpcChannel channel, LoadOptions options, long beginUnixNs) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private Task _results = Task.CompletedTask;
    private Task _alarms = Task.CompletedTask;
    private long _resultCount;

    /// <summary>Ingest of the deciding chunk to publication, as the daemon measured it, milliseconds.</summary>
    public Percentiles ResultLatency { get; } = new();

    /// <summary>From the due time of the chunk that holds the deciding sample to the alarm's arrival here, milliseconds.</summary>
    public Percentiles RuleAlarmLatency { get; } = new();

    public long Results => Interlocked.Read(ref _resultCount);

    public long AlarmTransitions { get; private set; }

    public int AsystoleAlarms { get; private set; }

    public int LeadOffAlarms { get; private set; }

    public void Start()
    {
        _results = FollowResultsAsync();
        _alarms = FollowAlarmsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_results, _alarms);
        _ending.Dispose();
    }

    private async Task FollowResultsAsync()
    {
        try
        {
            await foreach (var next in new ResultSubscription(channel, 0, [], TimeSpan.FromSeconds(10), TimeProvider.System).ReadAsync(_ending.Token))
            {
                Interlocked.Increment(ref _resultCount);
                ResultLatency.Add(next.Result.LatencyMs);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task FollowAlarmsAsync()
    {
        try
        {
            await foreach (var alarm in new AlertSubscription(channel, 0, [], AlarmPriority.Unspecified, TimeSpan.FromSeconds(10), TimeProvider.System)
                .ReadAsync(_ending.Token))
            {
                AlarmTransitions++;
                if (alarm.Transition == AlarmTransition.Raised && alarm.Condition is AlarmCondition.Asystole or AlarmCondition.LeadOff)
                {
                    AsystoleAlarms += alarm.Condition == AlarmCondition.Asystole ? 1 : 0;
                    LeadOffAlarms += alarm.Condition == AlarmCondition.LeadOff ? 1 : 0;
                    RuleAlarmLatency.Add(Latency(alarm));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>
    /// The device clock of a load device is this machine's, and its chunks end on a grid of its own: the deciding sample left the device
    /// at the end of its chunk. Device number and run start give the grid.
    /// </summary>
    private double Latency(AlarmEvent alarm)
    {
        var device = int.Parse(alarm.DeviceId.AsSpan(alarm.DeviceId.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);
        var chunk = TimeSpan.FromMilliseconds(options.ChunkMilliseconds);
        var grid = beginUnixNs + ((chunk * device / options.Devices).Ticks * TimeSpan.NanosecondsPerTick);
        var chunkNs = chunk.Ticks * TimeSpan.NanosecondsPerTick;
        var sent = grid + (((long)alarm.EventUnixNs - grid + chunkNs - 1) / chunkNs * chunkNs);
        return (TimeProvider.System.GetUtcNow().ToUnixNs() - sent) / 1e6;
    }
}
