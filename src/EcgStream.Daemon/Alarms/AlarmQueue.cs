using System.Threading.Channels;
using EcgStream.Core.Alarms;
using Microsoft.Extensions.Options;
using AlarmEvent = EcgStream.Protocol.V1.AlarmEvent;

namespace EcgStream.Daemon.Alarms;

/// <summary>The bounded way of transitions from the rules to the one loop that publishes them.</summary>
internal sealed class AlarmQueue
{
    private readonly Channel<Item> _channel;

    public AlarmQueue(IOptions<AlarmEngineOptions> options, AlarmMetrics metrics)
    {
        Capacity = options.Value.TransitionCapacity;
        _channel = Channel.CreateBounded<Item>(new BoundedChannelOptions(Capacity)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
        metrics.Observe(this);
    }

    public int Capacity { get; }

    public int Depth => _channel.Reader.Count;

    public ChannelReader<Item> Reader => _channel.Reader;

    /// <summary>Queues one; false when there is no room. Never waits.</summary>
    public bool TryAdd(in Item item) => _channel.Writer.TryWrite(item);

    /// <summary>Takes no more.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    /// <param name="DecidedTimestamp">When the rule decided.</param>
    /// <param name="IngestTimestamp">When the deciding chunk came in; null where no chunk decided.</param>
    /// <param name="Published">Told the published transition, for whoever waits for it.</param>
    internal readonly record struct Item(
        AlarmTransitionRecord Record, long DecidedTimestamp, long? IngestTimestamp, TaskCompletionSource<AlarmEvent>? Published);
}
