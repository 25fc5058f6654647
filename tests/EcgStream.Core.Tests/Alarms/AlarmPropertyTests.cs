using EcgStream.Core.Alarms;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Tests.Alarms;

/// <summary>Random signals, results, silences, acknowledgements, sessions and restarts: whatever comes, the rules of the state machine hold.</summary>
public sealed class AlarmPropertyTests
{
    private const int Runs = 120;
    private const int Steps = 400;

    [Fact]
    public void RandomInputs_NeverBreakTheStateMachine()
    {
        for (var seed = 1; seed <= Runs; seed++)
        {
            var random = new Random(seed);
            var bench = new AlarmBench();
            var journal = new JournalModel(seed);
            double time = 0, qrs = 0;
            double? analysable = 0;
            var off = 0u;
            var checkedUpTo = 0;
            for (var step = 0; step < Steps; step++)
            {
                switch (random.Next(40))
                {
                    case 0: off = random.Next(3) switch { 0 => AlarmBench.AllLeads, 1 => AlarmBench.OneLead, _ => 0 }; break;
                    case 1: bench.Tick(random.NextDouble() * 8); break;
                    case 2: bench.EndSession(); break;
                    case 3: (bench.Session, time, qrs, analysable) = (bench.Session + 1, 0, 0, 0); break;
                    case 4: bench.Restart(); break;
                    case 5 or 6 when bench.Alarms.Open().ToList() is { Count: > 0 } open:
                        bench.Alarms.Acknowledge(open[random.Next(open.Count)].AlarmId, "nurse", bench.Transitions);
                        break;
                    case 7: qrs = time - 60; break;
                    case 9 or 10:
                        var rr = random.Next(3) switch { 0 => 0.3, 1 => 0.7, _ => 1.8 };
                        for (var i = random.Next(1, 30); i > 0; i--)
                        {
                            qrs = time += rr;
                            bench.Beat(time, random.Next(3) > 0 ? BeatClass.V : BeatClass.N, rr);
                            bench.Status(time, qrs, analysable, off);
                        }

                        break;
                    case 11:
                        for (var i = random.Next(1, 12); i > 0; i--)
                        {
                            time += 1;
                            bench.Waves(time, random.Next(6) > 0 ? 0.9f : 0.1f);
                        }

                        break;
                    case 12:
                        bench.Alarms.SetLimits(new ArrhythmiaLimits { Runs = random.Next(2) > 0, ExtremeRates = random.Next(2) > 0 }, bench.Transitions);
                        break;
                    case 8: time -= random.NextDouble() * 100; break;
                    case < 20:
                        for (var i = random.Next(1, 8); i > 0; i--)
                        {
                            bench.Result(
                                time += 1, random.Next(8) < step / 50 % 8 ? random.Next(3) : 0, random.NextDouble(),
                                random.Next(6) == 0 ? WindowMarks.PoorQuality : WindowMarks.None,
                                random.Next(3) == 0 ? AlarmBench.ModelB : AlarmBench.ModelA);
                        }

                        break;
                    default:
                        var beats = random.Next(3) > 0;
                        for (var i = random.Next(1, 80); i > 0; i--)
                        {
                            time += 0.1;
                            qrs = beats && random.Next(8) == 0 ? time : qrs;
                            analysable = off == AlarmBench.AllLeads || random.Next(500) == 0 ? null : analysable ?? time;
                            bench.Clock.Advance(TimeSpan.FromSeconds(0.1));
                            var before = bench.Transitions.Count;
                            bench.Status(time, qrs, analysable, off);
                            Assert.False(
                                analysable is null && bench.Transitions.Skip(before).Any(t => t is { Condition: AlarmCondition.Asystole, Transition: AlarmTransition.Raised }),
                                $"seed {seed}: asystole although nothing could be analysed");
                        }

                        break;
                }

                for (; checkedUpTo < bench.Transitions.Count; checkedUpTo++)
                {
                    journal.Take(bench.Transitions[checkedUpTo]);
                }

                journal.MatchesOpen(bench.Alarms.Open());
            }
        }
    }

    /// <summary>The hysteresis against a naive count over the whole history.</summary>
    [Fact]
    public void OnResult_RandomWindows_AgreesWithANaiveCount()
    {
        for (var seed = 1; seed <= Runs; seed++)
        {
            var random = new Random(seed);
            var windows = random.Next(1, 12);
            var raise = random.Next(1, windows + 1);
            var options = new AlarmOptions { RhythmWindows = windows, RhythmRaise = raise, RhythmClear = random.Next(windows - raise + 1, windows + 1) };
            var bench = new AlarmBench(options);
            var history = new List<bool>();
            var expected = false;
            var bias = random.NextDouble();
            for (var i = 0; i < 200; i++)
            {
                bias = random.Next(20) == 0 ? random.NextDouble() : bias;
                var abnormal = random.NextDouble() < bias;
                history.Add(abnormal);
                bench.Result(10 + i, abnormal ? 1 : 0);
                var recent = history.TakeLast(windows).ToList();
                expected = recent.Count(a => a) >= raise || (expected && recent.Count(a => !a) < options.RhythmClear);
                Assert.True(expected == bench.Alarms.Open().Any(), $"seed {seed}, window {i}");
            }
        }
    }

    /// <summary>What a reader of the journal relies on.</summary>
    private sealed class JournalModel(int seed)
    {
        private readonly Dictionary<AlarmCondition, AlarmTransitionRecord> _open = [];
        private readonly HashSet<string> _seen = [];

        public void Take(AlarmTransitionRecord next)
        {
            var open = _open.GetValueOrDefault(next.Condition);
            var where = $"seed {seed}: {open?.State} then {next.Transition} of {next.Condition}";
            if (next.Transition == AlarmTransition.Raised)
            {
                Assert.True(open is null, where + " while another episode is open");
                Assert.True(_seen.Add(next.AlarmId), where + " under an id used before");
                Assert.Equal(AlarmState.Active, next.State);
                Assert.Equal("", next.AcknowledgedBy);
            }
            else
            {
                Assert.True(open is not null && open.AlarmId == next.AlarmId, where + " of an episode that is not open");
                Assert.Equal((open!.OnsetUnixNs, open.DeviceId), (next.OnsetUnixNs, next.DeviceId));
                Assert.True(next.Priority >= open.Priority, where + " at a lower priority");
                Assert.True(IsAllowed(open, next), where + " to " + next.State);
            }

            Assert.Equal(next.Condition.Kind(), next.Kind);
            Assert.StartsWith(new string('*', (int)next.Priority) + " ", next.Message, StringComparison.Ordinal);
            if (next.State == AlarmState.Cleared)
            {
                _open.Remove(next.Condition);
            }
            else
            {
                _open[next.Condition] = next;
            }
        }

        public void MatchesOpen(IEnumerable<AlarmTransitionRecord> open) =>
            Assert.Equal(_open.Values.Select(t => t.AlarmId).Order(), open.Select(t => t.AlarmId).Order());

        private static bool IsAllowed(AlarmTransitionRecord from, AlarmTransitionRecord to) => (from.State, to.Transition, to.State) switch
        {
            (AlarmState.Active or AlarmState.Acknowledged, AlarmTransition.Updated, _) => from.State == to.State,
            (AlarmState.Active or AlarmState.Latched, AlarmTransition.Acknowledged, AlarmState.Acknowledged) => to.AcknowledgedBy.Length > 0,
            (AlarmState.Active, AlarmTransition.Latched, AlarmState.Latched) => to is { Priority: AlarmPriority.High, Kind: AlarmKind.Patient },
            (AlarmState.Active, AlarmTransition.Cleared, AlarmState.Cleared) =>
                from.Priority != AlarmPriority.High || to.Message.EndsWith("worse took its place", StringComparison.Ordinal)
                || to.Message.EndsWith("switched off", StringComparison.Ordinal),
            (_, AlarmTransition.Cleared, AlarmState.Cleared) => from.State != AlarmState.Cleared,
            _ => false,
        };
    }
}
