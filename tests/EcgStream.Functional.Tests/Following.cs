using EcgStream.Client.Streaming;
using EcgStream.Client.Subscriptions;
using EcgStream.Protocol.V1;
using Grpc.Net.Client;

namespace EcgStream.Functional.Tests;

/// <summary>What a clinician's program sees: alarms and results over the client library.</summary>
internal static class Following
{
    public static StreamEndpoint GrpcEndpoint(this TestDaemon daemon) => new(StreamTransport.Grpc, "127.0.0.1", daemon.Grpc.Port);

    public static StreamEndpoint MqttEndpoint(this TestDaemon daemon) => new(StreamTransport.Mqtt, "127.0.0.1", daemon.MqttPort);

    /// <summary>Transitions after a cursor, up to the first that makes them enough.</summary>
    public static Task<List<AlarmEvent>> AlarmsAsync(
        GrpcChannel channel, string? device, ulong after, Func<List<AlarmEvent>, bool> enough, CancellationToken cancellation) =>
        Waiting.ReadUntilAsync(
            stop => new AlertSubscription(channel, after, device is null ? [] : [device], AlarmPriority.Unspecified, null, TimeProvider.System).ReadAsync(stop),
            enough, "alarms", cancellation);

    /// <summary>Results after a cursor, up to the first that makes them enough.</summary>
    public static Task<List<ResultEvent>> ResultsAsync(
        GrpcChannel channel, string? device, ulong after, Func<List<ResultEvent>, bool> enough, CancellationToken cancellation) =>
        Waiting.ReadUntilAsync(
            stop => new ResultSubscription(channel, after, device is null ? [] : [device], null, TimeProvider.System).ReadAsync(stop),
            enough, "results", cancellation);

    /// <summary>
    /// Results of a 12-lead device after a cursor, until each of its models has one that ends within a hop of a device time, so that no further one
    /// is to come. The daemon is asked for the models: one that has not answered yet is waited for, too.
    /// </summary>
    public static async Task<List<ResultEvent>> ResultsToAsync(
        GrpcChannel channel, string device, ulong after, long endUnixNs, CancellationToken cancellation, params string[] further)
    {
        var status = await new Protocol.V1.Monitor.MonitorClient(channel).GetPipelineAsync(new GetPipelineRequest(), cancellationToken: cancellation);
        var models = status.Models.Select(model => model.Name).Where(name => name.StartsWith("rhythm-12lead", StringComparison.Ordinal)).Concat(further).ToHashSet();
        Assert.NotEmpty(models);
        var missing = new HashSet<string>(models);
        return await ResultsAsync(
            channel, device, after,
            read =>
            {
                if ((long)read[^1].Result.WindowEndUnixNs > endUnixNs - 1_000_000_000)
                {
                    missing.Remove(read[^1].Result.Model);
                }

                return missing.Count == 0;
            },
            cancellation);
    }

    /// <summary>No two results of one model of one device start less than half a hop apart.</summary>
    public static void AssertNoneTwice(IEnumerable<ResultEvent> results)
    {
        foreach (var model in results.GroupBy(item => (item.Result.DeviceId, item.Result.Model)))
        {
            long[] starts = [.. model.Select(item => (long)item.Result.WindowStartUnixNs).Order()];
            for (var i = 1; i < starts.Length; i++)
            {
                Assert.True(starts[i] - starts[i - 1] >= 500_000_000, $"{model.Key}: windows {starts[i - 1]} and {starts[i]} are {starts[i] - starts[i - 1]} ns apart");
            }
        }
    }

    public static string InSeconds(this AlarmEvent alarm, long startUnixNs) => FormattableString.Invariant(
        $"{((long)alarm.EventUnixNs - startUnixNs) / 1e9:0.00} s {alarm.Condition} {alarm.Transition} {alarm.State} {alarm.Message}");
}
