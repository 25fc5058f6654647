using System.Text.Json;
using EcgStream.Client.Streaming;

namespace EcgStream.Faults.Devices;

/// <summary>
/// The process that plays the devices: each streams in real time, session after session, until a line comes on standard input. Then every device
/// ends its session, waits for its answers, and its sessions are printed, one JSON line each.
/// </summary>
internal static class DeviceProgram
{
    private static volatile bool _stopping;

    public static async Task<int> RunAsync(DeviceOptions options)
    {
        var settings = new DeviceStreamOptions { MaxInFlightChunks = 4096, MaxReconnectDelay = TimeSpan.FromSeconds(1), AnswerTimeout = TimeSpan.FromMinutes(3) };
        using var grpc = new DeviceStreamFactory(new StreamEndpoint(StreamTransport.Grpc, options.Host, options.GrpcPort), settings, TimeProvider.System);
        using var mqtt = new DeviceStreamFactory(new StreamEndpoint(StreamTransport.Mqtt, options.Host, options.MqttPort), settings, TimeProvider.System);
        var devices = Enumerable.Range(0, options.Devices).Select(device =>
        {
            var overMqtt = options.GrpcPort == 0 || (options.MqttPort != 0 && device % 2 == 1);
            return Task.Run(() => StreamAsync(options, device, overMqtt ? mqtt : grpc));
        }).ToArray();
        await Console.In.ReadLineAsync();
        _stopping = true;
        await Task.WhenAll(devices);
        return 0;
    }

    private static async Task StreamAsync(DeviceOptions options, int device, DeviceStreamFactory factory)
    {
        var chunk = TimeSpan.FromSeconds(SessionOutcome.ChunkSeconds);

        // Devices are not in step.
        await Task.Delay(chunk * device / options.Devices);
        for (var number = 0; !_stopping; number++)
        {
            var seed = (ulong)((options.Seed * 10_000L) + (device * 100) + number + 1);
            var start = TimeProvider.System.GetUtcNow();
            var startUnixNs = start.ToUnixTimeMilliseconds() * 1_000_000;
            var id = $"fault-{device:D2}";
            var session = Client.Encoding.DeviceSession.NewSessionId();
            var maker = new ChunkMaker(id, session, seed, startUnixNs);
            var chunks = 0;
            var problem = "";
            await using var stream = factory.Open(id);
            try
            {
                for (var last = false; !last; chunks++)
                {
                    var due = start + (chunk * (chunks + 1));
                    var wait = due - TimeProvider.System.GetUtcNow();
                    if (wait > TimeSpan.Zero)
                    {
                        await Task.Delay(wait);
                    }

                    last = _stopping || (chunks + 1) * SessionOutcome.ChunkSeconds >= options.SessionSeconds;
                    await stream.SendAsync(maker.Next(last));
                }

                await stream.CompleteAsync();
            }
            catch (DeviceStreamException fault)
            {
                problem = fault.Message;
            }

            var totals = stream.Totals;
            var outcome = new SessionOutcome(
                id, session, seed, startUnixNs, chunks, totals.Acked, totals.Duplicate, totals.Refused, totals.Unanswered, totals.Resent, totals.Reconnects,
                problem.Length > 0 ? problem : totals.FirstRefusal?.Message ?? "");
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(outcome));
        }
    }
}
