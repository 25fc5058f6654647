using System.Diagnostics;
using EcgStream.Client.Streaming;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EcgStream.Load.Compare;

/// <summary>Chunks streamed on many calls; counted where the server has acknowledged them.</summary>
internal static class GrpcLoad
{
    public static async Task<(long Chunks, double PerSecond)> RunAsync(int port, CompareOptions options)
    {
        using var channel = GrpcChannels.Open(new StreamEndpoint(StreamTransport.Grpc, "127.0.0.1", port));
        var client = new Protocol.V1.Ingest.IngestClient(channel);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(options.Seconds));
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => StreamAsync(client, Chunk($"load-{i}"), stop.Token))));
        return (counts.Sum(), counts.Sum() / clock.Elapsed.TotalSeconds);
    }

    private static async Task<long> StreamAsync(Protocol.V1.Ingest.IngestClient client, SampleChunk chunk, CancellationToken stop)
    {
        using var call = client.StreamSamples(cancellationToken: CancellationToken.None); // the call ends by itself, its answers counted
        var reading = Task.Run(
            async () =>
            {
                var acknowledged = 0L;
                while (await call.ResponseStream.MoveNext(CancellationToken.None))
                {
                    acknowledged += call.ResponseStream.Current.Acks.Count;
                }

                return acknowledged;
            },
            CancellationToken.None);
        var writes = new WriteOptions(WriteFlags.BufferHint);
        for (ulong sequence = 0; !stop.IsCancellationRequested; sequence++)
        {
            chunk.Sequence = sequence;
            call.RequestStream.WriteOptions = sequence % 16 == 15 ? null : writes;
            await call.RequestStream.WriteAsync(chunk, CancellationToken.None);
        }

        await call.RequestStream.CompleteAsync();
        return await reading;
    }

    public static SampleChunk Chunk(string device)
    {
        var chunk = new SampleChunk
        {
            DeviceId = device,
            SessionId = 1,
            DeviceTimeUnixNs = 1,
            SampleRateHz = 500,
            SamplesPerLead = 100,
            GainMicrovoltsPerLsb = 1,
            BaselineLsb = 0,
            ElectrodesOff = 0,
            Samples = ByteString.CopyFrom(new byte[12 * 100 * sizeof(short)]),
        };
        chunk.Leads.Add(Enumerable.Range(1, 12).Select(lead => (Lead)lead));
        return chunk;
    }
}
