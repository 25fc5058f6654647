using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace EcgStream.Daemon.Feeds;

/// <summary>
/// Items of a store, first those after a cursor, then live ones as they are published: each exactly once, in cursor order. A
/// subscriber that is too slow for its bounded queue reads from the store again until it has caught up; the publisher never waits.
/// One publisher at a time; any number of subscribers on any threads.
/// </summary>
public sealed class CursorFeed<T>(string name, ICursorStore<T> store, Func<T, ulong> cursorOf, FeedOptions options, FeedMetrics metrics)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly List<Channel<T>> _queues = [];
    private ulong _lastCursor;
    private int _subscribers;
    private long _fallbacks;

    /// <summary>Cursor of the newest item published, or stored when the feed was opened.</summary>
    public ulong LastCursor
    {
        get
        {
            lock (_gate)
            {
                return _lastCursor;
            }
        }
    }

    /// <summary>Whether publishing reaches anybody now; subscribers that read from the store at this moment find the item there.</summary>
    public bool HasLiveSubscribers
    {
        get
        {
            lock (_gate)
            {
                return _queues.Count > 0;
            }
        }
    }

    public int Subscribers => Volatile.Read(ref _subscribers);

    /// <summary>Times a slow subscriber was moved back to the store.</summary>
    public long Fallbacks => Interlocked.Read(ref _fallbacks);

    /// <summary>Takes the store's newest cursor as the start of what is live. Call once the store is open, before the first publication.</summary>
    public void Open()
    {
        metrics.Opened(name);
        Advance(store.LastCursor);
    }

    /// <summary>Says that everything up to a cursor is stored, without an item for anybody: for when <see cref="HasLiveSubscribers"/> was false.</summary>
    public void Advance(ulong cursor)
    {
        lock (_gate)
        {
            if (cursor <= _lastCursor)
            {
                return;
            }

            _lastCursor = cursor;
            // Whoever came between the publisher's look and now would miss the item: it goes and finds it in the store.
            foreach (var queue in _queues)
            {
                queue.Writer.TryComplete();
            }

            _queues.Clear();
        }
    }

    /// <summary>Hands a stored item on. An item at or before <see cref="LastCursor"/> was published before and is passed over.</summary>
    public void Publish(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        lock (_gate)
        {
            var cursor = cursorOf(item);
            if (cursor <= _lastCursor)
            {
                return;
            }

            _lastCursor = cursor;
            for (var i = _queues.Count - 1; i >= 0; i--)
            {
                if (!_queues[i].Writer.TryWrite(item))
                {
                    _queues[i].Writer.TryComplete();
                    _queues.RemoveAt(i);
                    Interlocked.Increment(ref _fallbacks);
                    metrics.FellBack(name);
                }
            }
        }
    }

    /// <summary>Takes a place among the subscribers, or null when all are taken. Dispose it to give the place back.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _subscribers) > options.MaxSubscribers)
        {
            Interlocked.Decrement(ref _subscribers);
            return null;
        }

        metrics.SubscriberCame(name);
        return new Place(this);
    }

    /// <summary>
    /// Items after <paramref name="afterCursor"/> without end. For live items only, give <see cref="LastCursor"/> as it was when the
    /// subscriber came. Ends by cancellation only; a fault of the store is thrown to this subscriber.
    /// </summary>
    public async IAsyncEnumerable<T> ReadAsync(ulong afterCursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = afterCursor;
        while (true)
        {
            // Catch up before queueing: a queue opened now would only fill while the store is being read.
            for (var full = LastCursor > position; full;)
            {
                var page = await store.ReadAfterAsync(position, options.PageSize, cancellationToken);
                foreach (var item in page)
                {
                    position = cursorOf(item);
                    yield return item;
                }

                full = page.Count == options.PageSize;
            }

            var queue = Attach(out var attachedAt);
            try
            {
                // Published after the last page and before the queue was there.
                while (position < attachedAt)
                {
                    var page = await store.ReadAfterAsync(position, options.PageSize, cancellationToken);
                    foreach (var item in page)
                    {
                        position = cursorOf(item);
                        yield return item;
                    }

                    if (page.Count == 0)
                    {
                        position = attachedAt; // retention took what was there
                    }
                }

                await foreach (var item in queue.Reader.ReadAllAsync(cancellationToken))
                {
                    if (cursorOf(item) > position)
                    {
                        position = cursorOf(item);
                        yield return item;
                    }
                }
            }
            finally
            {
                Detach(queue);
            }
        }
    }

    private Channel<T> Attach(out ulong attachedAt)
    {
        var queue = Channel.CreateBounded<T>(new BoundedChannelOptions(options.SubscriberCapacity)
        {
            SingleReader = true,
            SingleWriter = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
        lock (_gate)
        {
            attachedAt = _lastCursor;
            _queues.Add(queue);
        }

        return queue;
    }

    private void Detach(Channel<T> queue)
    {
        lock (_gate)
        {
            _queues.Remove(queue);
        }
    }

    private sealed class Place(CursorFeed<T> feed) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                Interlocked.Decrement(ref feed._subscribers);
                feed.NoteLeft();
            }
        }
    }

    private void NoteLeft() => metrics.SubscriberLeft(name);
}
