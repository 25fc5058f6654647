using System.Diagnostics.Metrics;

namespace EcgStream.Daemon.Feeds;

/// <summary>Instruments of the feeds; the tag <c>feed</c> is <c>alarms</c> or <c>results</c>.</summary>
public sealed class FeedMetrics
{
    private readonly UpDownCounter<long> _subscribers;
    private readonly Counter<long> _fallbacks;

    public FeedMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create("EcgStream");
        _subscribers = meter.CreateUpDownCounter<long>("ecg.feed.subscribers", "{subscriber}", "Subscribers that are connected now");
        _fallbacks = meter.CreateCounter<long>("ecg.feed.fallbacks", "{fallback}", "Times a slow subscriber was moved back to reading from the store");
    }

    internal void SubscriberCame(string feed) => _subscribers.Add(1, new KeyValuePair<string, object?>("feed", feed));

    internal void SubscriberLeft(string feed) => _subscribers.Add(-1, new KeyValuePair<string, object?>("feed", feed));

    internal void FellBack(string feed) => _fallbacks.Add(1, new KeyValuePair<string, object?>("feed", feed));
}
