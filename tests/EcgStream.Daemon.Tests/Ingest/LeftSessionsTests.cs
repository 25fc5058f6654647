using EcgStream.Daemon.Ingest.Mqtt;
using EcgStream.Testing;

namespace EcgStream.Daemon.Tests.Ingest;

public sealed class LeftSessionsTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly LeftSessions _left;

    public LeftSessionsTests() => _left = new LeftSessions(_clock);

    [Fact]
    public void Overdue_ClientThatStays_IsNeverDue()
    {
        for (var day = 0; day < 10; day++)
        {
            Assert.Empty(_left.Overdue([("a", TimeSpan.Zero, true)]));
            _clock.Advance(TimeSpan.FromDays(1));
        }
    }

    [Fact]
    public void Overdue_ClientThatLeft_IsDueAfterWhatItAskedForAndAWeekAtMost()
    {
        (string, TimeSpan, bool)[] sessions =
        [
            ("hour", TimeSpan.FromHours(1), false), ("always", TimeSpan.FromSeconds(uint.MaxValue), false),
            ("3.1.1", TimeSpan.Zero, false),
        ];
        Assert.Empty(_left.Overdue(sessions));
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Empty(_left.Overdue(sessions));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(["hour"], _left.Overdue(sessions));
        _clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(["3.1.1", "always", "hour"], _left.Overdue(sessions).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Overdue_ClientThatCameBackMeanwhile_CountsAnew()
    {
        Assert.Empty(_left.Overdue([("a", TimeSpan.FromHours(1), false)]));
        _clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Empty(_left.Overdue([("a", TimeSpan.FromHours(1), true)]));
        _clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Empty(_left.Overdue([("a", TimeSpan.FromHours(1), false)]));
        _clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Empty(_left.Overdue([("a", TimeSpan.FromHours(1), false)]));
    }

    [Fact]
    public void Overdue_MoreThanAreKept_ThoseThatLeftFirstGo()
    {
        (string, TimeSpan, bool)[] first =
            [.. Enumerable.Range(0, 10).Select(i => ($"first-{i}", TimeSpan.Zero, false))];
        Assert.Empty(_left.Overdue(first));
        _clock.Advance(TimeSpan.FromMinutes(1));
        var later = Enumerable.Range(0, LeftSessions.Most).Select(i => ($"later-{i}", TimeSpan.Zero, false));
        Assert.Equal(first.Select(session => session.Item1).Order(), _left.Overdue([.. first, .. later]).Order());
    }
}
