using System.Globalization;

namespace EcgStream.Load.Compare;

/// <summary>
/// <c>load compare</c>: our broker beside mosquitto, gRPC and the journal, on this machine, in one run. Each measurement is repeated in turns and the best of
/// each is told, as what else runs here only takes away.
/// </summary>
internal static class CompareCommand
{
    public static async Task<int> RunAsync(CompareOptions options)
    {
        await using var ours = await PeerServer.StartOwnAsync("mqtt");
        await using var mosquitto = await PeerServer.StartMosquittoAsync();
        Console.WriteLine(FormattableString.Invariant(
            $"{options.Connections} publishers, {options.PayloadBytes}-byte payloads, {options.Seconds} s each, best of {options.Rounds}, {Environment.ProcessorCount} cores shared by server and load"));
        Row("", "ours", "mosquitto", "ratio");
        foreach (var qos in new[] { 0, 1 })
        {
            await PairAsync($"publishes accepted/s, QoS {qos}", ours, mosquitto, server => MqttLoad.RunAsync(server.Port, qos, options), options.Rounds);
        }

        // In new processes, so that no memory left over from the load takes the connections in; one after the other, as both need file handles.
        var held = await BesideIdleAsync(async () => await PeerServer.StartOwnAsync("mqtt"), options);
        var theirs = mosquitto is null ? null : await BesideIdleAsync(PeerServer.StartMosquittoAsync, options);
        string[] names =
        [
            $"{options.IdleConnections} idle connections, KiB each", "publishes/s beside them, QoS 0", "publishes/s beside them, QoS 1", "idle connections lost meanwhile",
        ];
        for (var i = 0; i < names.Length; i++)
        {
            Row(names[i], Text(held[i], i == 0 ? "F1" : "F0"), theirs is null ? "-" : Text(theirs[i], i == 0 ? "F1" : "F0"), theirs is null || i == 3 ? "-" : Text(held[i] / theirs[i], "F2"));
        }

        await using (var grpc = await PeerServer.StartOwnAsync("grpc"))
        await using (var messages = await PeerServer.StartOwnAsync("grpc-messages"))
        {
            Row("", "as bytes", "as messages", "ratio");
            var (asBytes, asMessages) = (new GrpcCost(), new GrpcCost());
            for (var round = 0; round < options.Rounds; round++)
            {
                await asBytes.MeasureAsync(grpc, options);
                await asMessages.MeasureAsync(messages, options);
            }

            Row("gRPC chunks streamed/s", Text(asBytes.Rate, "F0"), Text(asMessages.Rate, "F0"), Text(asBytes.Rate / asMessages.Rate, "F2"));
            Row(
                "CPU of the server, µs a chunk", Text(asBytes.Microseconds, "F2"), Text(asMessages.Microseconds, "F2"),
                Text(asBytes.Microseconds / asMessages.Microseconds, "F2"));
        }

        await using (var daemon = await DaemonProcess.StartAsync(CancellationToken.None))
        {
            var (mqtt, grpc) = (0.0, 0.0);
            for (var round = 0; round < options.Rounds; round++)
            {
                mqtt = Math.Max(mqtt, await GatewayLoad.RunMqttAsync(daemon.MqttPort, options, round));
                grpc = Math.Max(grpc, await GatewayLoad.RunGrpcAsync(daemon.GrpcPort, options, round));
            }

            Console.WriteLine();
            Row("one connection, journal and pipeline", "MQTT QoS 1", "gRPC", "ratio");
            Row("chunks of 50 devices acknowledged/s", Text(mqtt, "F0"), Text(grpc, "F0"), Text(mqtt / grpc, "F2"));
            Console.WriteLine();
        }

        Row("journal appends on disk/s", Text(await BestAsync(() => JournalLoad.RunAsync(options), options.Rounds), "F0"), "-", "-");
        return 0;
    }

    /// <summary>The best of the rounds.</summary>
    private sealed class GrpcCost
    {
        public double Rate { get; private set; }

        public double Microseconds { get; private set; } = double.PositiveInfinity;

        public async Task MeasureAsync(PeerServer server, CompareOptions options)
        {
            var before = server.CpuTime;
            var (chunks, perSecond) = await GrpcLoad.RunAsync(server.Port, options);
            Rate = Math.Max(Rate, perSecond);
            Microseconds = Math.Min(Microseconds, (server.CpuTime - before).TotalMicroseconds / chunks);
        }
    }

    private static async Task PairAsync(string name, PeerServer ours, PeerServer? theirs, Func<PeerServer, Task<double>> measure, int rounds)
    {
        var (best, theirBest) = (0.0, 0.0);
        for (var round = 0; round < rounds; round++)
        {
            best = Math.Max(best, await measure(ours));
            theirBest = theirs is null ? 0 : Math.Max(theirBest, await measure(theirs));
        }

        Row(name, Text(best, "F0"), theirs is null ? "-" : Text(theirBest, "F0"), theirs is null ? "-" : Text(best / theirBest, "F2"));
    }

    private static async Task<double> BestAsync(Func<Task<double>> measure, int rounds)
    {
        var best = 0.0;
        for (var round = 0; round < rounds; round++)
        {
            best = Math.Max(best, await measure());
        }

        return best;
    }

    /// <returns>KiB of each idle connection, publishes of QoS 0 and 1 in a second beside them, idle connections lost.</returns>
    private static async Task<double[]> BesideIdleAsync(Func<Task<PeerServer?>> start, CompareOptions options)
    {
        await using var server = (await start())!;
        var before = server.ResidentBytes;
        using var idle = await IdleConnections.OpenAsync(server.Port, options.IdleConnections);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var kibibytes = (server.ResidentBytes - before) / 1024.0 / idle.Count;
        var zero = await BestAsync(() => MqttLoad.RunAsync(server.Port, 0, options), options.Rounds);
        var one = await BestAsync(() => MqttLoad.RunAsync(server.Port, 1, options), options.Rounds);
        return [kibibytes, zero, one, idle.Lost];
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static void Row(string name, string ours, string mosquitto, string ratio) => Console.WriteLine($"{name,-40} {ours,12} {mosquitto,12} {ratio,8}");
}
