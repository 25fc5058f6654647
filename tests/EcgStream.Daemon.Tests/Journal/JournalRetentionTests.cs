using EcgStream.Daemon.Journal;
using EcgStream.Testing;

namespace EcgStream.Daemon.Tests.Journal;

public sealed class JournalRetentionTests
{
    [Fact]
    public async Task Retention_BySize_DeletesOldestWholeSegments()
    {
        using var fixture = new JournalFixture(options => (options.SegmentBytes, options.MaxBytes) = (64 * 1024, 1024 * 1024));
        fixture.Journal.Open();
        for (var number = 1; number <= 300; number++)
        {
            await fixture.Journal.AppendAsync(JournalFixture.Entry("a", number, 10_000, Now(fixture.Time)));
        }

        fixture.Journal.Close();
        var bytes = Directory.EnumerateFiles(fixture.Directory, "*.ecgj").Sum(path => new FileInfo(path).Length);
        Assert.InRange(bytes, 512 * 1024, 1024 * 1024 + (64 * 1024));
        fixture.Reopen();
        var numbers = fixture.ReadNumbers();
        Assert.Equal(Enumerable.Range(numbers[0], 301 - numbers[0]), numbers);
    }

    [Fact]
    public async Task Retention_ByAge_DeletesWhatIsOlder()
    {
        var clock = new ManualTimeProvider();
        using var fixture = new JournalFixture(options => (options.SegmentAge, options.MaxAge) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)), clock);
        fixture.Journal.Open();
        for (var minute = 1; minute <= 30; minute++)
        {
            await fixture.Journal.AppendAsync(JournalFixture.Entry("a", minute, 100, Now(clock)));
            clock.Advance(TimeSpan.FromMinutes(1.5));
        }

        fixture.Journal.Close();
        fixture.Reopen();
        Assert.InRange(fixture.ReadNumbers()[0], 22, 25);
    }

    private static long Now(TimeProvider time) => (time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * 100;
}
