using EcgStream.Core.Alarms;
using EcgStream.Core.Signals;
using Stream = EcgStream.Core.Tests.Sessions.Stream;

namespace EcgStream.Core.Tests.Disturbances;

/// <summary>The rules judge samples: one stream gives the same alarms with the same onsets in whatever chunks it comes.</summary>
public sealed class ChunkLengthTests
{
    private const int Rate = 500;
    private const int Turns = 10 * Rate;

    public static TheoryData<double> Pauses => [.. Enumerable.Range(0, 17).Select(step => 2.9 + (0.1 * step))];

    [Theory]
    [MemberData(nameof(Pauses))]
    public void Accept_APauseInChunksOfAnyLength_TheSameAlarms(double seconds)
    {
        for (var shift = 0; shift < 500; shift += 170)
        {
            var stream = WithPause(seconds, shift);
            var alarms = new[] { 10, 125, 500, 1000, 37 }.Select(length => Alarms(stream, length)).ToArray();

            Assert.All(alarms, told => Assert.Equal(alarms[0], told));
            var asystole = alarms[0].Exists(told => told.Condition == AlarmCondition.Asystole);
            var pause = alarms[0].Exists(told => told.Condition == AlarmCondition.Pause);
            Assert.True(asystole || pause || seconds < 3.02, $"{seconds} s are told by nobody");
            Assert.True(!asystole || seconds > 3.9, $"{seconds} s are no asystole");
            Assert.True(asystole || seconds < 4.15, $"{seconds} s are an asystole");
        }
    }

    private static List<(AlarmCondition Condition, AlarmTransition Transition, long Onset, long Event)> Alarms(Stream stream, int length)
    {
        var device = new MonitoredDevice();
        foreach (var chunk in stream.Cut(() => length, end: false))
        {
            device.Give(chunk, length / (double)Rate);
        }

        return [.. device.Transitions.Select(told => (told.Condition, told.Transition, told.OnsetUnixNs, told.EventUnixNs))];
    }

    // 72 per minute; one interval is as long as asked.
    private static Stream WithPause(double seconds, int shift)
    {
        const double Period = 60.0 / 72;
        var stream = new Stream(LeadList.Of(Lead.II, Lead.V1), Rate, 30 * Rate, 3);
        var from = (int)(((Math.Floor(Turns / (Rate * Period)) + 0.4) * Period * Rate) + (0.42 * Rate));
        var added = (int)Math.Round((seconds - Period) * Rate);
        var random = new Random(4);
        for (var lane = 0; lane < stream.Digital.Length; lane++)
        {
            var samples = stream.Digital[lane];
            var level = samples[from];
            short[] with = [.. samples[shift..from], .. Enumerable.Range(0, added).Select(_ => (short)(level + random.Next(-2, 3))), .. samples[from..]];
            with.AsSpan(0, samples.Length).CopyTo(samples);
        }

        return stream;
    }
}
