using EcgStream.Client.Encoding;
using EcgStream.Client.Streaming;
using EcgStream.Core.Signals;
using EcgStream.Protocol.V1;

namespace EcgStream.Simulator.Tests.Streaming;

internal static class Chunks
{
    public static readonly DeviceStreamOptions Quick = new()
    {
        FirstReconnectDelay = TimeSpan.FromMilliseconds(5),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(50),
        AnswerTimeout = TimeSpan.FromSeconds(20),
        GiveUpAfter = TimeSpan.FromSeconds(20),
        MaxInFlightChunks = 8,
    };

    /// <summary>Chunks of one session, the last marked as its end.</summary>
    public static IEnumerable<SampleChunk> Session(string device, int count)
    {
        var builder = new ChunkBuilder(new DeviceSession(device, DeviceSession.NewSessionId(), 1_800_000_000_000_000_000, 500, [Core.Signals.Lead.II]));
        for (var i = 0; i < count; i++)
        {
            yield return builder.FromMillivolts(new float[10], 10, endOfSession: i == count - 1);
        }
    }

    /// <summary>Waits for what other threads do; only a test that fails waits the whole minute.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"waited in vain: {what}");
            await Task.Delay(5, CancellationToken.None);
        }
    }

    public static async Task<DeviceStreamTotals> SendAllAsync(IDeviceStream stream, IEnumerable<SampleChunk> chunks)
    {
        foreach (var chunk in chunks)
        {
            await stream.SendAsync(chunk, TestContext.Current.CancellationToken);
        }

        return await stream.CompleteAsync(TestContext.Current.CancellationToken);
    }
}
