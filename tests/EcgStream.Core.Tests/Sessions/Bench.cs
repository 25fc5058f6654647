using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Windows;
using EcgStream.Testing;

namespace EcgStream.Core.Tests.Sessions;

/// <summary>One device with a recording sink.</summary>
internal sealed class Bench
{
    public Bench(params WindowRecipe[] recipes)
        : this(new WindowOptions(), new SessionOptions(), 4, recipes)
    {
    }

    public Bench(WindowOptions windows, SessionOptions options, int buffers, params WindowRecipe[] recipes)
    {
        Pools = [.. recipes.Select(recipe => new RhythmWindowPool(recipe, buffers))];
        Device = new DeviceSession("bed-1", options, new SignalWorkspace(new WindowPlan(windows, Pools)), Sink, Clock);
    }

    public ManualTimeProvider Clock { get; } = new();

    public RecordingSink Sink { get; } = new();

    public RhythmWindowPool[] Pools { get; }

    public DeviceSession Device { get; }

    public ChunkOutcome Give((ChunkHeader Header, byte[] Payload) chunk) =>
        Device.Accept(in chunk.Header, chunk.Payload, Clock.GetTimestamp(), chunk.Header.EndUnixNs + 5_000_000);

    public void Give(IEnumerable<(ChunkHeader Header, byte[] Payload)> chunks)
    {
        foreach (var chunk in chunks)
        {
            Give(chunk);
        }
    }

    public static WindowRecipe Plain(string model, params Lead[] leads) => new(model, leads, 5000, [], 5000);
}
