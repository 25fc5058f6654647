using System.Text.Json;
using EcgStream.Client.Encoding;
using EcgStream.Client.Streaming;
using EcgStream.Core.Signals;
using EcgStream.Core.Time;

namespace EcgStream.Load;

/// <summary>The devices: even ones over gRPC, odd ones over MQTT, each a chunk every <c>--chunk-ms</c> at real time, phases spread evenly.</summary>
internal static class Generator
{
    public static async Task<int> RunAsync(LoadOptions options)
    {
        var signals = new Signals();
        var settings = new DeviceStreamOptions { GiveUpAfter = TimeSpan.FromSeconds(20) };
        using var grpc = new DeviceStreamFactory(new StreamEndpoint(StreamTransport.Grpc, "127.0.0.1", options.GrpcPort), settings, TimeProvider.System);
        using var mqtt = new DeviceStreamFactory(new StreamEndpoint(StreamTransport.Mqtt, "127.0.0.1", options.MqttPort), settings, TimeProvider.System);
        var lateness = new Percentiles();
        var begin = DateTimeOffset.FromUnixTimeMilliseconds(options.BeginUnixMilliseconds);
        var devices = Enumerable.Range(0, options.Devices)
            .Select(device => Task.Run(() => StreamAsync(device, device % 2 == 0 ? grpc : mqtt, signals, begin, options, lateness)))
            .ToArray();
        var totals = await Task.WhenAll(devices);
        var report = new GeneratorReport(
            totals.Sum(total => total.Sent), totals.Sum(total => total.Acked), totals.Sum(total => total.Duplicate), totals.Sum(total => total.Refused),
            totals.Sum(total => total.Unanswered), totals.Sum(total => total.Reconnects), lateness.At(0.5), lateness.At(0.99),
            totals.Select(total => total.FirstRefusal?.Message).FirstOrDefault(message => message is not null) ?? "");
        Console.Out.WriteLine(JsonSerializer.Serialize(report));
        return 0;
    }

    private static async Task<DeviceStreamTotals> StreamAsync(
        int device, DeviceStreamFactory factory, Signals signals, DateTimeOffset begin, LoadOptions options, Percentiles lateness)
    {
        var chunk = TimeSpan.FromMilliseconds(options.ChunkMilliseconds);
        var samples = Signals.RateHz * options.ChunkMilliseconds / 1000;
        var start = begin + (chunk * device / options.Devices);
        var id = $"load-{device:D5}";
        var builder = new ChunkBuilder(new DeviceSession(id, DeviceSession.NewSessionId(), start.ToUnixNs(), Signals.RateHz, [.. LeadNames.StandardTwelve]));
        var disturbance = new Disturbance(device, options.Devices, options.Seconds);
        var buffer = new short[Signals.Leads * samples];
        var chunks = (long)(options.Seconds * 1000L / options.ChunkMilliseconds);
        await using var stream = factory.Open(id);
        for (var number = 0L; number < chunks; number++)
        {
            var due = start + (chunk * (number + 1));
            var wait = due - TimeProvider.System.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait);
            }

            var second = number * chunk.TotalSeconds;
            if (disturbance.IsStill(second))
            {
                Stand(number, buffer);
            }
            else
            {
                signals.Read(device, number * samples, samples, buffer);
            }

            var built = builder.FromDigital(buffer, samples, 1, 0, disturbance.ElectrodesOff(second), endOfSession: number == chunks - 1);
            lateness.Add((TimeProvider.System.GetUtcNow() - due).TotalMilliseconds);
            await stream.SendAsync(built);
        }

        return await stream.CompleteAsync();
    }

    /// <summary>A heart that stands still under electrodes that are on: slow drift and a little noise, no wave.</summary>
    private static void Stand(long number, Span<short> buffer)
    {
        for (var i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (short)((15 * Math.Sin((number * 0.05) + (i * 0.0004))) + ((i * 7919) % 9) - 4);
        }
    }
}
