using EcgStream.Daemon.Feeds;
using EcgStream.Protocol.V1;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Monitor;

/// <summary>Stored and live results for subscribers. <see cref="Publish"/> and <see cref="Advance"/> are for one caller at a time: the store, after its commit.</summary>
public sealed class ResultFeed(IResultStore store, IOptions<FeedOptions> options, FeedMetrics metrics) : IHostedService
{
    /// <summary>The feed itself, for those who read it.</summary>
    public CursorFeed<ResultEvent> Feed { get; } = new("results", store, static item => item.Cursor, options.Value, metrics);

    /// <summary>Whether somebody follows now; when not, <see cref="Advance"/> spares building the event.</summary>
    public bool HasLiveSubscribers => Feed.HasLiveSubscribers;

    public void Publish(ulong cursor, RhythmResult result) => Feed.Publish(new ResultEvent { Cursor = cursor, Result = result });

    /// <summary>Everything up to this cursor is stored.</summary>
    public void Advance(ulong cursor) => Feed.Advance(cursor);

    /// <summary>Takes the store's newest cursor; the store must be open.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Feed.Open();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
