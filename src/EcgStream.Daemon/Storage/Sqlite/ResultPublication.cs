using EcgStream.Daemon.Monitor;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>Tells the subscribers' feed of every stored result, where there is a feed.</summary>
internal sealed class ResultPublication(ResultStore store, ResultFeed? feed, TimeProvider time) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (feed is not null)
        {
            // The store is open by now, but nothing feeds it before the stages that start later.
            store.Stored = (cursor, result) =>
            {
                if (feed.HasLiveSubscribers)
                {
                    feed.Publish(cursor, result.ToWire(time));
                }
                else
                {
                    feed.Advance(cursor);
                }
            };
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
