using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EcgStream.Daemon.Feeds;

/// <summary>Instruments of the feeds; the tag <c>feed</c> is <c>alarms</c> or <c>results</c>.</summary>
public sealed class FeedMetrics
{
    private readonly ConcurrentDictionary<string, int> _subscribers = new(StringComparer.Ordinal);
    private readonly Counter<long> _fallbacks;

    public FeedMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create("EcgStream");
        meter.CreateObservableUpDownCounter("ecg.feed.subscribers", Subscribers, "{subscriber}", "Subscribers that are connected now");
        _fallbacks = meter.CreateCounter<long>("ecg.feed.fallbacks", "{fallback}", "Times a slow subscriber was moved back to reading from the store");
    }

    /// <summary>Shows the feed from the start: no subscribers is a figure too.</summary>
    internal void Opened(string feed) => _subscribers.TryAdd(feed, 0);

    internal void SubscriberCame(string feed) => _subscribers.AddOrUpdate(feed, 1, static (_, count) => count + 1);

    internal void SubscriberLeft(string feed) => _subscribers.AddOrUpdate(feed, 0, static (_, count) => count - 1);

    internal void FellBack(string feed) => _fallbacks.Add(1, new KeyValuePair<string, object?>("feed", feed));

    private IEnumerable<Measurement<int>> Subscribers() =>
        _subscribers.Select(feed => new Measurement<int>(feed.Value, new KeyValuePair<string, object?>("feed", feed.Key)));
}
