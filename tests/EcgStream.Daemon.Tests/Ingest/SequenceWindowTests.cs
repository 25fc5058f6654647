using EcgStream.Daemon.Ingest;

namespace EcgStream.Daemon.Tests.Ingest;

public sealed class SequenceWindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Contains_RandomOrderWithRepeats_AgreesWithASetOverItsSpan(int seed)
    {
        var random = new Random(seed);
        var window = new SequenceWindow();
        var seen = new HashSet<ulong>();
        ulong highest = 0, start = (ulong)random.Next(5000);
        for (var i = 0; i < 20_000; i++)
        {
            var back = (ulong)random.Next(random.Next(20) == 0 ? 3000 : 40);
            var sequence = start + (ulong)i > back ? start + (ulong)i - back : 0;
            var inSpan = seen.Count == 0 || sequence > highest || highest - sequence < 1024;
            Assert.Equal(inSpan && seen.Contains(sequence), window.Contains(sequence));
            window.Add(sequence);
            seen.Add(sequence);
            highest = Math.Max(highest, sequence);
        }
    }

    [Fact]
    public void Add_JumpFarAhead_ForgetsWhatWasBefore()
    {
        var window = new SequenceWindow();
        window.Add(5);
        window.Add(5 + 1024);
        Assert.False(window.Contains(5));
        Assert.True(window.Contains(5 + 1024));
        Assert.False(window.Contains(6));
    }

    [Fact]
    public void Add_HighestPossibleNumber_IsHeld()
    {
        var window = new SequenceWindow();
        window.Add(ulong.MaxValue - 1);
        window.Add(ulong.MaxValue);
        Assert.True(window.Contains(ulong.MaxValue - 1));
        Assert.True(window.Contains(ulong.MaxValue));
        Assert.False(window.Contains(0));
    }
}
