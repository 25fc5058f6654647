using EcgStream.Daemon.Journal;
using EcgStream.Testing;

namespace EcgStream.Daemon.Tests.Journal;

public sealed class ChunkJournalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AppendAsync_AfterCommit_ReadsBackInOrderWithRisingPositions()
    {
        using var fixture = new JournalFixture();
        fixture.Journal.Open();
        var positions = new List<JournalPosition>();
        for (var number = 1; number <= 50; number++)
        {
            positions.Add(await fixture.Journal.AppendAsync(JournalFixture.Entry("dev-a", number, number * 7)));
        }

        Assert.Equal(Enumerable.Range(1, 50), fixture.ReadNumbers());
        Assert.Equal(positions.Order(), positions);
        Assert.Equal(50, positions.Distinct().Count());
        using var reader = fixture.Journal.OpenReader(positions[30]);
        Assert.Equal(Enumerable.Range(31, 20), fixture.ReadNumbers(reader));
    }

    [Fact]
    public async Task Reopen_AfterClose_KeepsRecordsAndGoesOnRising()
    {
        using var fixture = new JournalFixture();
        fixture.Journal.Open();
        var first = await fixture.Journal.AppendAsync(JournalFixture.Entry("a", 1));

        var summary = fixture.Reopen();
        var second = await fixture.Journal.AppendAsync(JournalFixture.Entry("a", 2));

        Assert.Equal(new JournalRecoverySummary(1, 1, 0, 0), summary);
        Assert.True(second > first);
        Assert.Equal([1, 2], fixture.ReadNumbers());
    }

    [Fact]
    public async Task AppendAsync_FromEightThreads_EveryRecordIsReadBackOnceAndInOrderPerThread()
    {
        const int threads = 8;
        const int each = 6250;
        using var fixture = new JournalFixture(options => options.SegmentBytes = 1024 * 1024);
        fixture.Journal.Open();
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(async () =>
        {
            var pending = new List<Task<JournalPosition>>();
            for (var index = 0; index < each; index++)
            {
                pending.Add(fixture.Journal.AppendAsync(JournalFixture.Entry("dev-" + thread, (thread * each) + index, 60)).AsTask());
                if (pending.Count == 256)
                {
                    await Task.WhenAll(pending);
                    pending.Clear();
                }
            }

            await Task.WhenAll(pending);
        })));

        var numbers = fixture.ReadNumbers();

        Assert.Equal(threads * each, numbers.Count);
        foreach (var ofThread in numbers.GroupBy(number => number / each))
        {
            Assert.Equal(Enumerable.Range(ofThread.Key * each, each), ofThread);
        }

        Assert.Equal(threads * each, fixture.Metrics.Records);
        Assert.True(SegmentCatalog.Find(fixture.Directory).Count > 3);
    }

    [Fact]
    public async Task TryAppend_QueueFull_IsRefusedAndCounted()
    {
        var clock = new ManualTimeProvider();
        using var fixture = new JournalFixture(options => (options.QueueRecords, options.CommitInterval) = (2, TimeSpan.FromMilliseconds(20)), clock);
        fixture.Journal.Open();
        var completion = new RecordingCompletion();
        // The first is committed at once; the clock stands, so what follows waits.
        Assert.Equal(JournalAppendStatus.Accepted, fixture.Journal.TryAppend(JournalFixture.Entry("a", 1), completion, 1));
        completion.WaitFor(1, Patience);

        var statuses = Enumerable.Range(2, 3).Select(number => fixture.Journal.TryAppend(JournalFixture.Entry("a", number), completion, (ulong)number)).ToList();

        Assert.Equal([JournalAppendStatus.Accepted, JournalAppendStatus.Accepted, JournalAppendStatus.Full], statuses);
        Assert.Equal(1, fixture.Metrics.Refused);
        Assert.Equal([1ul], completion.Committed);
        var space = fixture.Journal.WaitForSpaceAsync();
        Assert.False(space.IsCompleted);

        // More than once: the writer may read the clock before an advance and begin its wait after it.
        for (var waited = 0; completion.Committed.Count < 3; waited++)
        {
            Assert.True(waited < 1500, "the second commit did not come");
            clock.Advance(TimeSpan.FromMilliseconds(20));
            completion.TryWaitFor(3, TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal([1ul, 2, 3], completion.Committed);
        await space.WaitAsync(Patience);
        Assert.Equal(2, completion.BatchEnds);
    }

    [Fact]
    public async Task AppendAsync_QueueFull_WaitsForSpace()
    {
        using var fixture = new JournalFixture(options => options.QueueRecords = 4);
        fixture.Journal.Open();

        await Task.WhenAll(Enumerable.Range(1, 500).Select(number => fixture.Journal.AppendAsync(JournalFixture.Entry("a", number)).AsTask()));

        Assert.Equal(Enumerable.Range(1, 500), fixture.ReadNumbers().Order());
    }

    [Fact]
    public async Task AppendAsync_NotOpen_IsRefusedAsClosed()
    {
        using var fixture = new JournalFixture();
        var refusal = await Assert.ThrowsAsync<JournalException>(() => fixture.Journal.AppendAsync(JournalFixture.Entry("a", 1)).AsTask());
        Assert.Equal(JournalAppendStatus.Closed, refusal.Status);
    }

    [Theory]
    [InlineData("", 10)]
    [InlineData("déjà", 10)]
    [InlineData("a", JournalEntry.MaxPayloadBytes + 1)]
    [InlineData("a", 0)]
    public void TryAppend_BadEntry_Throws(string device, int payloadBytes)
    {
        using var fixture = new JournalFixture();
        fixture.Journal.Open();
        var entry = new JournalEntry(device, JournalTransport.Mqtt, 1, 1, 2, new byte[payloadBytes]);
        Assert.Throws<ArgumentException>(() => fixture.Journal.TryAppend(entry, new RecordingCompletion()));
    }

    [Fact]
    public void Open_FolderInUse_SaysSo()
    {
        using var fixture = new JournalFixture();
        fixture.Journal.Open();
        using var second = fixture.Make();
        var refusal = Assert.Throws<JournalException>(() => second.Open());
        Assert.Contains("Journal:Directory", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_Throws_OthersAreStillTold()
    {
        using var fixture = new JournalFixture();
        fixture.Journal.Open();
        fixture.Journal.TryAppend(JournalFixture.Entry("a", 1), new ThrowingCompletion());
        await fixture.Journal.AppendAsync(JournalFixture.Entry("a", 2));
        Assert.Equal([1, 2], fixture.ReadNumbers());
    }

    [Fact]
    public async Task ReplayTailAsync_HandsOverTheWindowBeforeTheLastRecord()
    {
        using var fixture = new JournalFixture(options => options.ReplayWindow = TimeSpan.FromSeconds(30));
        fixture.Journal.Open();
        for (var second = 1; second <= 100; second++)
        {
            await fixture.Journal.AppendAsync(JournalFixture.Entry("a", second, ingestUnixNs: second * 1_000_000_000L));
        }

        fixture.Reopen();
        var replayed = new List<int>();
        var count = await fixture.Journal.ReplayTailAsync((record, _) =>
        {
            replayed.Add(JournalFixture.NumberOf(record));
            return ValueTask.CompletedTask;
        });

        Assert.Equal(Enumerable.Range(70, 31), replayed);
        Assert.Equal(31, count);
    }

    [Fact]
    public async Task OpenReader_ByDeviceAndTime_FindsWhatOverlaps()
    {
        using var fixture = new JournalFixture(options => options.SegmentBytes = 64 * 1024);
        fixture.Journal.Open();
        for (var number = 1; number <= 400; number++)
        {
            await fixture.Journal.AppendAsync(JournalFixture.Entry(number % 2 == 0 ? "even" : "odd", number, 1000));
        }

        using var reader = fixture.Journal.OpenReader("even", 100_500, 110_000);

        Assert.Equal([100, 102, 104, 106, 108], fixture.ReadNumbers(reader));
    }

    [Fact]
    public async Task Reader_AtItsEnd_GoesOnWhenMoreIsCommitted()
    {
        using var fixture = new JournalFixture(options => options.SegmentBytes = 64 * 1024);
        fixture.Journal.Open();
        using var reader = fixture.Journal.OpenReader(JournalPosition.Start);
        for (var number = 1; number <= 200; number++)
        {
            Assert.False(reader.TryRead(out _));
            await fixture.Journal.AppendAsync(JournalFixture.Entry("a", number, 2000));
            Assert.True(reader.TryRead(out var record));
            Assert.Equal(number, JournalFixture.NumberOf(record));
        }
    }

    private sealed class ThrowingCompletion : IJournalCompletion
    {
        public void OnCommitted(ulong token, JournalPosition position) => throw new InvalidOperationException("on purpose");

        public void OnFailed(ulong token, JournalException reason) => throw new InvalidOperationException("on purpose");
    }
}
