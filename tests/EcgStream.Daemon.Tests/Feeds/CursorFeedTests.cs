using EcgStream.Daemon.Feeds;
using EcgStream.Daemon.Tests.Journal;

namespace EcgStream.Daemon.Tests.Feeds;

public sealed class CursorFeedTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TestMeterFactory _meters = new();
    private readonly CancellationTokenSource _stop = new(Patience);

    public void Dispose()
    {
        _stop.Dispose();
        _meters.Dispose();
    }

    /// <summary>Subscribers come at random moments at random cursors and read at random speeds, while items are published as fast as they are stored.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ReadAsync_WhilePublishing_GivesEachItemAfterTheCursorOnceInOrder(int seed)
    {
        const int Total = 5000;
        var store = new ListStore();
        var feed = Feed(store, capacity: 8, page: 7);
        feed.Open();
        var random = new Random(seed);
        var readers = Enumerable.Range(0, 12).Select(i =>
        {
            var (delay, after, slow) = (random.Next(0, Total), (ulong)random.Next(0, 50), random.Next(0, 40));
            return Task.Run(async () =>
            {
                while (store.LastCursor < (ulong)delay)
                {
                    await Task.Yield();
                }

                var got = await TakeAsync(feed, after, Total - (int)after, slow);
                Assert.True(Enumerable.Range((int)after + 1, Total - (int)after).SequenceEqual(got), $"seed {seed}, reader {i} after {after}");
            });
        }).ToList();

        for (var i = 1; i <= Total; i++)
        {
            var item = store.Add();
            if (i % 100 == 0)
            {
                await Task.Yield();
            }

            // Some commits are told without an item, as a store does that saw nobody listening.
            if (i % 13 == 0 && !feed.HasLiveSubscribers)
            {
                feed.Advance((ulong)i);
            }
            else
            {
                feed.Publish(item);
            }
        }

        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task Publish_ToASubscriberThatDoesNotRead_NeitherWaitsNorDelaysOthersNorLoses()
    {
        const int Total = 1000;
        var store = new ListStore();
        var feed = Feed(store, capacity: 16, page: 10);
        await using var slow = feed.ReadAsync(0, _stop.Token).GetAsyncEnumerator(_stop.Token);
        await using var quick = feed.ReadAsync(0, _stop.Token).GetAsyncEnumerator(_stop.Token);
        var slowFirst = slow.MoveNextAsync();
        var quickFirst = quick.MoveNextAsync();
        feed.Publish(store.Add());
        Assert.True(await slowFirst && await quickFirst);

        for (var i = 2; i <= Total; i++)
        {
            feed.Publish(store.Add());
            Assert.True(await quick.MoveNextAsync());
            Assert.Equal(i, quick.Current.Number);
        }

        Assert.Equal(1, feed.Fallbacks);
        for (var i = 2; i <= Total; i++)
        {
            Assert.True(await slow.MoveNextAsync());
            Assert.Equal(i, slow.Current.Number);
        }

        // Caught up, it is live again: the store is not asked for what comes next.
        var next = slow.MoveNextAsync();
        var reads = store.Reads;
        feed.Publish(store.Add());
        Assert.True(await next);
        Assert.Equal((Total + 1, reads), (slow.Current.Number, store.Reads));
    }

    [Fact]
    public async Task ReadAsync_FromTheNewest_GivesOnlyWhatComes()
    {
        var store = new ListStore();
        store.Add();
        var feed = Feed(store);
        feed.Open();
        await using var reader = feed.ReadAsync(feed.LastCursor, _stop.Token).GetAsyncEnumerator(_stop.Token);
        var first = reader.MoveNextAsync();
        feed.Publish(store.Add());
        Assert.True(await first);
        Assert.Equal(2, reader.Current.Number);
        Assert.Equal(0, store.Reads);
    }

    /// <summary>The moment between the last page of the store and the first item of the queue, at which nothing may fall through.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    public async Task ReadAsync_PublishedBetweenTheLastPageAndTheQueue_IsNotMissed(int between)
    {
        var store = new ListStore();
        var feed = Feed(store, page: 10);
        feed.Publish(store.Add());
        store.AfterRead = () =>
        {
            store.AfterRead = null;
            for (var i = 0; i < between; i++)
            {
                feed.Publish(store.Add());
            }
        };
        Assert.Equal(Enumerable.Range(1, between + 1), await TakeAsync(feed, 0, between + 1, 0));
    }

    [Fact]
    public async Task ReadAsync_RetentionTookTheOldest_StartsWithTheFirstKept()
    {
        var store = new ListStore();
        var feed = Feed(store, page: 3);
        for (var i = 0; i < 20; i++)
        {
            feed.Publish(store.Add());
        }

        store.DropFirst(15);
        Assert.Equal([16, 17, 18, 19, 20], await TakeAsync(feed, 0, 5, 0));
    }

    [Fact]
    public async Task ReadAsync_StoreFails_ThrowsToThatSubscriberOnly()
    {
        var store = new ListStore();
        var feed = Feed(store);
        await using var live = feed.ReadAsync(0, _stop.Token).GetAsyncEnumerator(_stop.Token);
        var first = live.MoveNextAsync();
        feed.Publish(store.Add());
        Assert.True(await first);

        store.Fault = new IOException("no disk");
        await Assert.ThrowsAsync<IOException>(() => TakeAsync(feed, 0, 1, 0));
        var second = live.MoveNextAsync();
        feed.Publish(store.Add());
        Assert.True(await second);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_LeavesNothingBehind()
    {
        var feed = Feed(new ListStore());
        using var cancel = new CancellationTokenSource();
        var reading = TakeAsync(feed, 0, 1, 0, cancel.Token);
        while (!feed.HasLiveSubscribers)
        {
            _stop.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.False(feed.HasLiveSubscribers);
    }

    [Fact]
    public void TryEnter_AllPlacesTaken_RefusesUntilOneIsGivenBack()
    {
        var feed = new CursorFeed<Item>("test", new ListStore(), i => i.Cursor, new FeedOptions { MaxSubscribers = 2 }, new FeedMetrics(_meters));
        var first = feed.TryEnter();
        Assert.NotNull(first);
        Assert.NotNull(feed.TryEnter());
        Assert.Null(feed.TryEnter());
        first.Dispose();
        first.Dispose();
        Assert.NotNull(feed.TryEnter());
        Assert.Null(feed.TryEnter());
    }

    [Fact]
    public void Publish_AnItemAgain_IsPassedOver()
    {
        var store = new ListStore();
        var feed = Feed(store);
        feed.Publish(store.Add());
        feed.Publish(new Item(1));
        Assert.Equal(1ul, feed.LastCursor);
    }

    private CursorFeed<Item> Feed(ListStore store, int capacity = 64, int page = 50) =>
        new("test", store, i => i.Cursor, new FeedOptions { SubscriberCapacity = capacity, PageSize = page }, new FeedMetrics(_meters));

    private Task<List<int>> TakeAsync(CursorFeed<Item> feed, ulong after, int count, int slow) => TakeAsync(feed, after, count, slow, _stop.Token);

    private static async Task<List<int>> TakeAsync(CursorFeed<Item> feed, ulong after, int count, int slow, CancellationToken cancel)
    {
        var got = new List<int>(count);
        await foreach (var item in feed.ReadAsync(after, cancel))
        {
            got.Add(item.Number);
            if (got.Count == count)
            {
                break;
            }

            if (slow > 0 && got.Count % slow == 0)
            {
                await Task.Yield();
            }
        }

        return got;
    }

    private sealed record Item(int Number)
    {
        public ulong Cursor => (ulong)Number;
    }

    private sealed class ListStore : ICursorStore<Item>
    {
        private readonly Lock _gate = new();
        private readonly List<Item> _items = [];
        private int _last;
        private int _reads;

        public Action? AfterRead { get; set; }

        public Exception? Fault { get; set; }

        public int Reads => Volatile.Read(ref _reads);

        public ulong LastCursor => (ulong)Volatile.Read(ref _last);

        public Item Add()
        {
            lock (_gate)
            {
                var item = new Item(_last + 1);
                _items.Add(item);
                Volatile.Write(ref _last, item.Number);
                return item;
            }
        }

        public void DropFirst(int count)
        {
            lock (_gate)
            {
                _items.RemoveRange(0, count);
            }
        }

        public async ValueTask<IReadOnlyList<Item>> ReadAfterAsync(ulong cursor, int limit, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Interlocked.Increment(ref _reads);
            if (Fault is { } fault)
            {
                throw fault;
            }

            List<Item> page;
            lock (_gate)
            {
                page = _items.SkipWhile(i => i.Cursor <= cursor).Take(limit).ToList();
            }

            AfterRead?.Invoke();
            return page;
        }
    }
}
