using System.ComponentModel.DataAnnotations;

namespace EcgStream.Daemon.Feeds;

/// <summary>How alarms and results go out to those who follow them over gRPC.</summary>
public sealed class FeedOptions
{
    public const string SectionName = "Feeds";

    /// <summary>
    /// Live items that wait for one slow subscriber. When they are full it reads from the store instead, until it has caught up: nothing
    /// is lost, and nobody else waits. 1,024 results are some 5 s of 200 devices.
    /// </summary>
    [Range(1, 65_536)]
    public int SubscriberCapacity { get; set; } = 1024;

    /// <summary>Items that one read of the store takes.</summary>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 500;

    /// <summary>Subscribers of one feed at a time; one more is refused with RESOURCE_EXHAUSTED.</summary>
    [Range(1, 10_000)]
    public int MaxSubscribers { get; set; } = 256;

    /// <summary>Device ids that one request may name.</summary>
    [Range(1, 100_000)]
    public int MaxDeviceIds { get; set; } = 4096;
}
