using EcgStream.Core.Alarms;
using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using Chunk = (EcgStream.Core.Signals.ChunkHeader Header, byte[] Payload);
using Stream = EcgStream.Core.Tests.Sessions.Stream;

namespace EcgStream.Core.Tests.Disturbances;

/// <summary>
/// What real devices and links do to a stream, and that the patient is watched all the same: 35 s of sinus rhythm, then 30 s of standstill. The output of each
/// row is the disturbance table of the project.
/// </summary>
public sealed class DisturbanceTests(ITestOutputHelper output)
{
    private const double Turns = 35;
    private const double Seconds = 65;

    public static TheoryData<string> Stamps => [.. Disturbance.OfStamps];

    [Theory]
    [MemberData(nameof(Stamps))]
    public void Accept_StampsThatLie_SamplesStayContinuous(string name)
    {
        var device = Run(Disturbance.Apply(name, PatientSignal.Standstill(250, Turns, Seconds).Cut(() => 62, end: false)), 62 / 250.0);

        Assert.DoesNotContain(device.Gaps, gap => gap.Kind != SignalGapKind.ClockStep);
        Check(name, device, least: 0.99, within: 5);
        Assert.Equal(55, device.WindowStarts.Count);
        Assert.Equal(55, device.WindowStarts.Distinct().Count());
    }

    [Fact]
    public void Accept_131HertzThatSay130_SamplesStayContinuous()
    {
        var stream = PatientSignal.Standstill(131, Turns, Seconds);
        var chunks = stream.Cut(() => 32, end: false).Select(chunk => (Chunk?)(chunk.Header with { SampleRateHz = 130 }, chunk.Payload)).ToArray();
        var device = Run(chunks, 32 / 131.0);

        Assert.Empty(device.Gaps);
        Check("131 Hz that say 130", device, least: 0.99, within: 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Accept_ClockSetWithinAStandstill_IsAlarmedInTime(double after)
    {
        foreach (var name in Disturbance.OfStamps.Where(name => name.StartsWith("set", StringComparison.Ordinal)))
        {
            var device = Run(Disturbance.Apply(name, PatientSignal.Standstill(250, Turns, Seconds).Cut(() => 62, end: false), Turns + after), 62 / 250.0);
            Check($"{name}, {after} s into a standstill", device, least: 0.99, within: 5);
            Assert.Single(device.Timed, told => told.Transition is { Condition: AlarmCondition.Asystole, Transition: AlarmTransition.Raised });
        }
    }

    [Fact]
    public void Accept_OneChunkLostEvery5Seconds_CostsOnlyItself()
    {
        var chunks = PatientSignal.Standstill(250, Turns, Seconds).Cut(() => 62, end: false).Select((chunk, index) => index % 20 == 13 ? null : (Chunk?)chunk).ToArray();
        Check("one chunk lost every 5 s", Run(chunks, 62 / 250.0), least: 0.93, within: 6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Accept_FivePercentLost_AsystoleWithin6SecondsAndTheRateHolds(int burst)
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            var chunks = Disturbance.Lose(PatientSignal.Standstill(250, Turns, Seconds).Cut(() => 62, end: false), burst, seed);
            var device = Run(chunks, 62 / 250.0);
            Check($"5 % lost, {burst} at a time, {seed}", device, least: 0.8, within: 6);
            Assert.All(
                device.Rates.Where(rate => rate.Seconds is > 8 and < Turns),
                rate => Assert.InRange(rate.Bpm ?? 0, PatientSignal.BeatsPerMinute - 5, PatientSignal.BeatsPerMinute + 5));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void Accept_FivePercentLost_FibrillationWithin10Seconds(int burst)
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            var device = Run(Disturbance.Lose(PatientSignal.Fibrillation(250, 20, 50).Cut(() => 62, end: false), burst, seed), 62 / 250.0);
            var raised = device.Raised(AlarmCondition.VentricularFibrillation, 20);
            output.WriteLine($"VF, 5 % lost, {burst} at a time, {seed} | {raised - 20:F1} s");
            Assert.True(raised - 20 <= 10, $"{burst} at a time, {seed}: {raised - 20}");
            Assert.Null(device.Timed.Where(told => told.Seconds < 20 && told.Transition.Priority == AlarmPriority.High).Select(told => told.Transition.Message).FirstOrDefault());
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(6)]
    [InlineData(4)]
    public void Accept_ElectrodesThatFlap_IsAnalysedAsFarAsPossible(int period)
    {
        var random = new Random(3);
        var chunks = PatientSignal.Standstill(250, Turns, Seconds).Cut(() => 62, end: false)
            .Select((chunk, index) => index % period == period - 1 ? (Chunk?)(chunk.Header with { ElectrodesOff = 0x3FF }, Rails(chunk.Payload)) : chunk).ToArray();
        Check($"electrodes off in one chunk of {period}", Run(chunks, 62 / 250.0), least: period == 8 ? 0.75 : 0.5, within: 8);
        byte[] Rails(byte[] payload) => [.. payload.Select((_, at) => at % 2 == 1 ? (byte)0x7F : (byte)random.Next(256))];
    }

    [Theory]
    [InlineData("new session each second")]
    [InlineData("electrodes off in every other chunk")]
    public void Accept_NothingThatCanBeAnalysed_IsATechnicalAlarm(string name)
    {
        var chunks = PatientSignal.Standstill(250, Turns, Seconds).Cut(() => 62, end: false).Select((chunk, index) => (Chunk?)(index / 4 >= 40 ? chunk : name switch
        {
            "new session each second" => (chunk.Header with { SessionId = 100 + ((ulong)index / 4) }, chunk.Payload),
            _ => (chunk.Header with { ElectrodesOff = index % 2 == 0 ? 1u : 0 }, chunk.Payload),
        })).ToArray();
        var device = Run(chunks, 62 / 250.0);
        var raised = device.Timed.First(told => told.Transition.Condition == AlarmCondition.NotAnalysed);
        output.WriteLine($"{name} | not analysed told at {raised.Seconds:F1} s");
        Assert.InRange(raised.Seconds, 5.9, 7);
        Assert.Equal((AlarmPriority.Medium, AlarmKind.Technical), (raised.Transition.Priority, raised.Transition.Kind));
        var over = device.Timed.Last(told => told.Transition.Condition == AlarmCondition.NotAnalysed);
        Assert.Equal(AlarmTransition.Cleared, over.Transition.Transition);
        Assert.InRange(over.Seconds, 39, 43);
        Assert.DoesNotContain(device.Timed, told => told.Seconds < 39 && told.Transition.Condition == AlarmCondition.Asystole);
    }

    private static MonitoredDevice Run(IEnumerable<Chunk?> chunks, double seconds)
    {
        var device = new MonitoredDevice();
        foreach (var chunk in chunks)
        {
            device.Give(chunk, seconds);
        }

        return device;
    }

    private void Check(string name, MonitoredDevice device, double least, double within)
    {
        const double All = 42; // R peaks of 35 s
        var last = PatientSignal.LastBeat(Turns);
        var raised = device.Raised(AlarmCondition.Asystole);
        var technical = string.Join(", ", device.Timed.Where(told => told.Transition.Kind == AlarmKind.Technical).Select(told => $"{told.Transition.Condition} {told.Transition.Transition}"));
        output.WriteLine($"{name} | {device.WindowStarts.Count} windows | {100 * device.Beats.Count / All:F0} % of beats | asystole after {raised - last:F1} s | {(technical.Length > 0 ? technical : "-")}");
        Assert.InRange(device.Beats.Count, Math.Ceiling(least * All), All);
        Assert.NotNull(raised);
        Assert.InRange(raised.Value - last, within > 5 ? 2.9 : 3.9, within); // the last beat may be lost itself
    }
}
