using EcgStream.Core.Alarms;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Results;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using EcgStream.Testing;

namespace EcgStream.Core.Tests.Alarms;

/// <summary>One device on a manual clock: feeds signal states and results in seconds of the device clock, and keeps every transition.</summary>
internal sealed class AlarmBench
{
    public const string Device = "bed-1";
    public const uint AllLeads = (1u << (int)Lead.I) | (1u << (int)Lead.II) | (1u << (int)Lead.V1);
    public const uint OneLead = 1u << (int)Lead.V1;

    /// <summary>Device clock that the benches call second 0; not the daemon's clock, on purpose.</summary>
    public const long Epoch = 1_700_000_000_000_000_000;

    public static readonly ModelLabel Normal = new("NSR", null, false);
    public static readonly ModelLabel Fibrillation = new("AF", null, true);
    public static readonly ModelIdentity Atrial = new("one-lead", "1", [new("normal", null, false), new("af", "164889003", true)]);
    public static readonly ModelLabel Lethal = new("VF", null, true, AlarmPriority.High);
    public static readonly ModelIdentity ModelA = new("a", "1", [Normal, Fibrillation, Lethal]);
    public static readonly ModelIdentity ModelB = new("b", "2", [Normal, Fibrillation, Lethal]);

    public AlarmBench(AlarmOptions? options = null, ArrhythmiaLimits? limits = null)
    {
        Limits = limits;
        Options = options ?? new AlarmOptions();
        Alarms = new DeviceAlarms(Device, Options, Clock, Limits);
    }

    public ManualTimeProvider Clock { get; } = new();

    public AlarmOptions Options { get; }

    public ArrhythmiaLimits? Limits { get; }

    public DeviceAlarms Alarms { get; private set; }

    public List<AlarmTransitionRecord> Transitions { get; } = [];

    public ulong Session { get; set; } = 7;

    /// <summary>Transitions as <c>Asystole Raised</c>, for comparison with a table.</summary>
    public IEnumerable<string> Story => Transitions.Select(t => $"{t.Condition} {t.Transition}");

    public AlarmTransitionRecord Last => Transitions[^1];

    public static long At(double seconds) => Epoch + (long)Math.Round(seconds * 1e9);

    public void Status(double time, double? qrs = null, double? analysableSince = 0, uint leadsOff = 0, bool replayed = false) => Alarms.OnStatus(
        new SignalStatus(
            Device, Session, At(time), qrs is { } q ? At(q) : null, analysableSince is { } a ? At(a) : null, null, leadsOff, AllLeads, Clock.GetTimestamp()),
        Transitions,
        replayed);

    /// <summary>A beat as the detector tells it, then with its class.</summary>
    public void Beat(double time, BeatClass beatClass, double? rr, bool replayed = false)
    {
        Detected(time, rr, replayed);
        Classified(time, beatClass, rr, replayed);
    }

    public void Detected(double time, double? rr, bool replayed = false) => Alarms.OnBeat(BeatAt(time, rr), Transitions, replayed);

    public void Classified(double time, BeatClass beatClass, double? rr, bool replayed = false) =>
        Alarms.OnBeat(new ClassifiedBeat(BeatAt(time, rr), beatClass, 0.9f), Transitions, replayed);

    /// <summary>Beats of the letters' classes, one after the other, with a status after each; gives the time of the last.</summary>
    public double Beats(string classes, double rr, double from, bool replayed = false)
    {
        foreach (var letter in classes)
        {
            from += rr;
            Clock.Advance(TimeSpan.FromSeconds(rr));
            Beat(from, Enum.Parse<BeatClass>(letter.ToString()), rr, replayed);
            Status(from, from, replayed: replayed);
        }

        return from;
    }

    /// <summary>A status with a judgement of the last 4 s.</summary>
    public void Waves(double time, float fibrillation, double? qrs = 0) => Alarms.OnStatus(
        new SignalStatus(Device, Session, At(time), qrs is { } q ? At(q) : null, At(0), null, 0, AllLeads, Clock.GetTimestamp())
        {
            Waves = new WaveMeasure(At(time), fibrillation, 0, 0, 0.5f, 2),
        },
        Transitions);

    /// <summary>A status with a judgement of a regular wide wave.</summary>
    public void WideWave(double time, float bpm) => Alarms.OnStatus(
        new SignalStatus(Device, Session, At(time), At(time), At(0), null, 0, AllLeads, Clock.GetTimestamp())
        {
            Waves = new WaveMeasure(At(time), 0, 1, bpm, 0.5f, 2),
        },
        Transitions);

    /// <summary>A status with a mean rate.</summary>
    public void Rate(double time, float? bpm) => Alarms.OnStatus(
        new SignalStatus(Device, Session, At(time), At(time), At(0), bpm, 0, AllLeads, Clock.GetTimestamp()), Transitions);

    /// <summary>Statuses each second of leads of which some are bad.</summary>
    public void Poor(double from, double to, uint poor, uint flat = 0, uint dead = 0, uint leadsOff = 0, double qrs = 0)
    {
        for (var time = from; time <= to; time++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Alarms.OnStatus(
                new SignalStatus(Device, Session, At(time), At(qrs), At(0), null, leadsOff, AllLeads, Clock.GetTimestamp())
                {
                    LeadsPoor = poor,
                    LeadsFlat = flat,
                    LeadsDead = dead,
                },
                Transitions);
        }
    }

    /// <summary>Statuses each 100 ms of both clocks, the first after 100 ms.</summary>
    public void Run(double from, double to, Func<double, double?> qrs, double? analysableSince = 0, uint leadsOff = 0, bool replayed = false)
    {
        for (var i = 1; from + (i * 0.1) <= to + 1e-9; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            var time = Math.Round(from + (i * 0.1), 1);
            Status(time, qrs(time), analysableSince, leadsOff, replayed);
        }
    }

    /// <summary>A window of 10 s that ends at the given second; label 0 is normal.</summary>
    public bool Result(double end, int label, double score = 0.9, WindowMarks marks = WindowMarks.None, ModelIdentity? model = null)
    {
        model ??= ModelA;
        return Alarms.OnResult(
            new RhythmResult(
                Device, Session, model, At(end - 10), At(end), [0, 0, 0], label, model.Labels[label].Abnormal, (float)score, marks,
                Clock.GetTimestamp(), Clock.GetTimestamp()),
            Transitions);
    }

    /// <summary>A window of the model that knows atrial fibrillation.</summary>
    public void AtrialResult(double end, double probability) => Alarms.OnResult(
        new RhythmResult(
            Device, Session, Atrial, At(end - 10), At(end), [(float)(1 - probability), (float)probability], probability > 0.5 ? 1 : 0, probability > 0.5, (float)probability,
            WindowMarks.None, Clock.GetTimestamp(), Clock.GetTimestamp()),
        Transitions);

    public void Tick(double seconds = 0)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        Alarms.OnTick(Transitions);
    }

    public void EndSession() => Alarms.OnSessionEnded(Session, Transitions);

    public AcknowledgeOutcome Acknowledge(string user = "nurse") => Alarms.Acknowledge(Last.AlarmId, user, Transitions);

    private Beat BeatAt(double time, double? rr) =>
        new(Device, Session, At(time), (float?)(rr * 1000), 1, Lead.II, Clock.GetTimestamp());

    /// <summary>A new daemon: only what the journal holds of open alarms is carried over.</summary>
    public void Restart()
    {
        var open = Alarms.Open().ToList();
        Alarms = new DeviceAlarms(Device, Options, Clock, Limits);
        Assert.All(open, alarm => Assert.True(Alarms.Restore(alarm)));
    }
}
