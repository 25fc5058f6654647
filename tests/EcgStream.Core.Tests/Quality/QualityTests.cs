using EcgStream.Core.Signals;
using EcgStream.Core.Tests.Sessions;
using EcgStream.Core.Windows;
using Stream = EcgStream.Core.Tests.Sessions.Stream;

namespace EcgStream.Core.Tests.Quality;

public sealed class QualityTests
{
    private const int Bad = 3;

    [Fact]
    public void OnVitals_CleanSignal_NothingIsWrong()
    {
        var bench = new Bench();
        bench.Give(Make((_, value) => value).Cut(() => 125));

        Assert.All(bench.Sink.Vitals, second => Assert.Equal(default, second.Quality));
    }

    [Fact]
    public void OnVitals_FlatSecond_IsFlatAndSoAreDerivedLeads()
    {
        var quality = Measure((_, _) => 100);

        Assert.Equal(Lead.II.Bit() | Lead.III.Bit() | Lead.AVR.Bit() | Lead.AVL.Bit() | Lead.AVF.Bit(), quality.Flat);
        Assert.Equal(0u, quality.Saturated | quality.Noisy);
    }

    [Fact]
    public void OnVitals_SecondAtTheRail_IsSaturated() =>
        Assert.True((Measure((n, value) => n % 20 == 0 ? short.MaxValue : value).Saturated & Lead.II.Bit()) != 0);

    [Fact]
    public void OnVitals_MuscleNoise_IsNoisy()
    {
        var random = new Random(4);
        var quality = Measure((_, value) => (short)(value + random.Next(-80, 80)));

        Assert.True((quality.Noisy & Lead.II.Bit()) != 0);
        Assert.Equal(0u, quality.Noisy & Lead.I.Bit());
    }

    [Fact]
    public void OnVitals_BaselineMovesByTwoMillivolts_IsWanderingButNotPoor()
    {
        var quality = Measure((n, value) => (short)(value + (n * 800 / 500)));

        Assert.True((quality.Wandering & Lead.II.Bit()) != 0);
        Assert.Equal(0u, quality.Poor);
    }

    [Fact]
    public void OnWindow_PoorSecond_MarksTheWindowsThatHoldIt()
    {
        var bench = new Bench(Bench.Plain("m", Lead.II), Bench.Plain("clean", Lead.I));
        bench.Give(Make((_, _) => 100, 16).Cut(() => 125));
        WindowMarks[] marks = [.. bench.Sink.Windows.Where(window => window.Model == "m").Select(window => window.Marks)];

        Assert.Equal([.. Enumerable.Repeat(WindowMarks.PoorQuality, Bad + 1), .. Enumerable.Repeat(WindowMarks.None, 6 - Bad)], marks);
        Assert.All(bench.Sink.Windows.Where(window => window.Model == "clean"), window => Assert.Equal(WindowMarks.None, window.Marks));
    }

    private static EcgStream.Core.Quality.SecondQuality Measure(Func<int, short, short> change)
    {
        var bench = new Bench();
        bench.Give(Make(change).Cut(() => 125));
        return bench.Sink.Vitals[Bad].Quality;
    }

    // Changes one second of lead II.
    private static Stream Make(Func<int, short, short> change, int seconds = 6)
    {
        var stream = new Stream(LeadList.Of(Lead.I, Lead.II), 500, 500 * seconds, 1);
        for (var n = 0; n < 500; n++)
        {
            stream.Digital[1][(Bad * 500) + n] = change(n, stream.Digital[1][(Bad * 500) + n]);
        }

        return stream;
    }
}
