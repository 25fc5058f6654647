using EcgStream.Daemon.Journal;

namespace EcgStream.Daemon.Tests.Journal;

public sealed class JournalCrashTests
{
    [Fact]
    public async Task Open_TailCutAtEveryByte_ReadsEveryWholeRecordAndNothingElse()
    {
        using var written = new JournalFixture();
        written.Journal.Open();
        var ends = new List<long> { SegmentFormat.HeaderBytes };
        for (var number = 1; number <= 6; number++)
        {
            await written.Journal.AppendAsync(JournalFixture.Entry("dev-" + number, number, 10 + (number * 13)));
            ends.Add(written.Journal.CommittedEnd.Offset);
        }

        var path = SegmentCatalog.PathOf(written.Directory, 1);
        var whole = (await ReadSharedAsync(path))[..(int)ends[^1]];
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            using var crashed = new JournalFixture();
            await File.WriteAllBytesAsync(SegmentCatalog.PathOf(crashed.Directory, 1), whole[..cut]);
            var summary = crashed.Journal.Open();
            var survivors = Math.Max(0, ends.FindLastIndex(end => end <= cut));

            Assert.Equal(Enumerable.Range(1, survivors), crashed.ReadNumbers());
            Assert.Equal(survivors, summary.Records);
            Assert.Equal(cut <= SegmentFormat.HeaderBytes ? 0 : cut - ends[survivors], summary.TornBytes);
            await crashed.Journal.AppendAsync(JournalFixture.Entry("next", 100));
            Assert.Equal([.. Enumerable.Range(1, survivors), 100], crashed.ReadNumbers());
        }
    }

    [Fact]
    public async Task Read_OneByteDamagedAnywhere_LosesThatRecordOnly()
    {
        using var written = new JournalFixture();
        written.Journal.Open();
        var ends = new List<long> { SegmentFormat.HeaderBytes };
        for (var number = 1; number <= 5; number++)
        {
            await written.Journal.AppendAsync(JournalFixture.Entry("dev-" + number, number, 40));
            ends.Add(written.Journal.CommittedEnd.Offset);
        }

        // Closed in order, and not the last segment any more: nothing is mended, everything is skipped.
        written.Reopen();
        await written.Journal.AppendAsync(JournalFixture.Entry("dev-6", 6));
        var path = SegmentCatalog.PathOf(written.Directory, 1);
        var whole = await ReadSharedAsync(path);
        for (var damaged = 0; damaged < ends[^1]; damaged++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[damaged] ^= 0x40;
            await File.WriteAllBytesAsync(path, bytes);
            var lost = damaged < SegmentFormat.HeaderBytes ? 0 : ends.FindIndex(end => end > damaged);
            using var reader = written.Journal.OpenReader(JournalPosition.Start);

            Assert.Equal(Enumerable.Range(1, 6).Where(number => number != lost), written.ReadNumbers(reader));
            Assert.Equal(lost == 0 ? 0 : 1, reader.CorruptStretches);
        }
    }

    /// <summary>Random appends over random restarts, each after a power cut that leaves any prefix of what was not flushed.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Open_RandomCrashes_EveryAcknowledgedRecordIsReadBackAndNothingElse(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 5; round++)
        {
            using var fixture = new JournalFixture(options => options.SegmentBytes = 64 * 1024);
            var acknowledged = new List<int>();
            var number = 0;
            for (var life = 0; life < 4; life++)
            {
                fixture.Reopen();
                for (var append = random.Next(0, 40); append > 0; append--)
                {
                    await fixture.Journal.AppendAsync(JournalFixture.Entry("d" + (number % 3), ++number, random.Next(4, 6000)));
                    acknowledged.Add(number);
                }

                var end = fixture.Journal.CommittedEnd;
                fixture.Journal.Close();
                if (end.Segment == 0)
                {
                    continue;
                }

                // What the writer had under way when the power went: any prefix of a record that was never acknowledged.
                var path = SegmentCatalog.PathOf(fixture.Directory, end.Segment);
                var entry = JournalFixture.Entry("lost", -1, random.Next(4, 3000));
                var torn = new byte[SegmentFormat.RecordBytes(entry)];
                SegmentFormat.WriteRecord(torn, entry);
                SegmentFormat.Seal(torn, end.Segment);
                using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
                RandomAccess.SetLength(file, end.Offset);
                RandomAccess.Write(file, torn.AsSpan(0, random.Next(0, torn.Length)), end.Offset);
            }

            fixture.Reopen();
            var read = fixture.ReadNumbers();
            Assert.True(acknowledged.SequenceEqual(read), $"seed {seed}, round {round}: {acknowledged.Count} acknowledged, {read.Count} read");
        }
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
