using EcgStream.Daemon.Journal;
using EcgStream.Testing;

namespace EcgStream.Daemon.Tests.Journal;

public sealed class JournalFailureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData((int)FaultyJournalFiles.Fault.Write)]
    [InlineData((int)FaultyJournalFiles.Fault.Flush)]
    [InlineData((int)FaultyJournalFiles.Fault.Everything)]
    [InlineData((int)FaultyJournalFiles.Fault.Defect)]
    public async Task Append_WriteFails_WaitersAreToldAndNothingAcknowledgedIsLost(int fault)
    {
        var files = new FaultyJournalFiles();
        var clock = new ManualTimeProvider();
        using var fixture = new JournalFixture(time: clock, files: files);
        fixture.Journal.Open();
        await fixture.Journal.AppendAsync(JournalFixture.Entry("a", 1));
        await fixture.Journal.AppendAsync(JournalFixture.Entry("a", 2));

        files.Failing = (FaultyJournalFiles.Fault)fault;
        var failure = await Assert.ThrowsAsync<JournalException>(() => fixture.Journal.AppendAsync(JournalFixture.Entry("a", 3)).AsTask());
        Assert.Equal(JournalAppendStatus.Failed, failure.Status);
        Assert.Contains(fixture.Directory, failure.Message, StringComparison.Ordinal);
        await WaitForAsync(() => fixture.Journal.State == JournalState.Failed);
        Assert.Contains("cannot be written", fixture.Journal.FailureReason, StringComparison.Ordinal);
        Assert.Equal(JournalAppendStatus.Failed, fixture.Journal.TryAppend(JournalFixture.Entry("a", 4), new RecordingCompletion()));
        Assert.Equal([1, 2], fixture.ReadNumbers());

        files.Failing = FaultyJournalFiles.Fault.None;
        await WaitForAsync(() =>
        {
            clock.Advance(fixture.Options.RetryInterval);
            return fixture.Journal.State == JournalState.Ready;
        });
        await fixture.Journal.AppendAsync(JournalFixture.Entry("a", 5));
        Assert.Equal(1, fixture.Metrics.Failed);
        // Where even cutting off failed, part of record 3 lies in the old segment; it must not show.
        Assert.Equal([1, 2, 5], fixture.ReadNumbers());
        fixture.Reopen();
        Assert.Equal([1, 2, 5], fixture.ReadNumbers());
    }

    [Fact]
    public async Task Append_WriteFails_WhatWaitsBehindItFailsTooAndNothingLaterIsAcknowledgedUnwritten()
    {
        var files = new FaultyJournalFiles();
        var clock = new ManualTimeProvider();
        using var fixture = new JournalFixture(time: clock, files: files);
        fixture.Journal.Open();
        var completion = new RecordingCompletion();
        Append(fixture, completion, 1, 1);
        completion.WaitFor(1, Patience);

        // 2 is being written while 3 to 20 come in behind it.
        files.BlockWrites();
        Append(fixture, completion, 2, 2);
        files.WaitUntilAWriteBlocks(Patience);
        Append(fixture, completion, 3, 20);
        files.Failing = FaultyJournalFiles.Fault.Write;
        files.ReleaseWrites();
        completion.WaitFor(20, Patience);

        Assert.Equal([1ul], completion.Committed);
        Assert.Equal(Enumerable.Range(2, 19).Select(number => (ulong)number), completion.Failed.Select(failed => failed.Token));

        files.Failing = FaultyJournalFiles.Fault.None;
        await WaitForAsync(() =>
        {
            clock.Advance(fixture.Options.RetryInterval);
            return fixture.Journal.State == JournalState.Ready;
        });

        // The same again on a healthy disk: what comes in during a write belongs to the next one.
        files.BlockWrites();
        Append(fixture, completion, 21, 21);
        files.WaitUntilAWriteBlocks(Patience);
        Append(fixture, completion, 22, 40);
        files.ReleaseWrites();
        completion.WaitFor(40, Patience);

        fixture.Reopen();
        Assert.Equal(Enumerable.Range(21, 20).Prepend(1).Select(number => (ulong)number), completion.Committed);
        Assert.Equal(completion.Committed, fixture.ReadNumbers().Select(number => (ulong)number));
    }

    [Fact]
    public async Task Append_WriteHangs_WaitersAreToldAfterTheLimitAndItRecoversWhenTheDiskAnswers()
    {
        var files = new FaultyJournalFiles();
        var clock = new ManualTimeProvider();
        using var fixture = new JournalFixture(options => options.StallLimit = TimeSpan.FromSeconds(2), clock, files);
        fixture.Journal.Open();
        var completion = new RecordingCompletion();
        Append(fixture, completion, 1, 1);
        completion.WaitFor(1, Patience);

        // 2 is being written while 3 to 5 come in behind it.
        files.BlockWrites();
        Append(fixture, completion, 2, 2);
        files.WaitUntilAWriteBlocks(Patience);
        Append(fixture, completion, 3, 5);
        clock.Advance(fixture.Options.StallLimit);
        Assert.Equal([2ul, 3, 4, 5], completion.Failed.Select(failed => failed.Token));
        Assert.Equal(JournalState.Failed, fixture.Journal.State);
        Assert.Contains("has not been written for", fixture.Journal.FailureReason, StringComparison.Ordinal);
        Assert.Equal(JournalAppendStatus.Failed, fixture.Journal.TryAppend(JournalFixture.Entry("a", 6), completion));
        Assert.Equal(4, fixture.Metrics.Failed);

        files.ReleaseWrites();
        await WaitForAsync(() => fixture.Journal.State == JournalState.Ready);
        Append(fixture, completion, 7, 7);
        completion.WaitFor(6, Patience);
        Assert.Equal([1ul, 7], completion.Committed);
        Assert.Equal(4, completion.Failed.Count);

        // 2 got to the disk after all; nobody was told so.
        Assert.Equal([1, 2, 7], fixture.ReadNumbers());
    }

    [Fact]
    public void Open_NewerFormat_StopsTheStart()
    {
        using var fixture = new JournalFixture();
        var header = new byte[SegmentFormat.HeaderBytes];
        SegmentFormat.WriteHeader(header, 1, 0);
        header[4] = 2;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), Crc32C.Compute(0, header.AsSpan(0, 28)));
        File.WriteAllBytes(SegmentCatalog.PathOf(fixture.Directory, 1), header);

        var refusal = Assert.Throws<JournalException>(() => fixture.Journal.Open());

        Assert.Contains("format version 2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderCannotBeMade_SaysWhich()
    {
        using var fixture = new JournalFixture();
        var file = Path.Combine(fixture.Directory, "file");
        File.WriteAllText(file, "");
        fixture.Options.Directory = file;
        var refusal = Assert.Throws<JournalException>(() => fixture.Journal.Open());
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
    }

    private static void Append(JournalFixture fixture, RecordingCompletion completion, int from, int to)
    {
        for (var number = from; number <= to; number++)
        {
            Assert.Equal(JournalAppendStatus.Accepted, fixture.Journal.TryAppend(JournalFixture.Entry("a", number), completion, (ulong)number));
        }
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
