using EcgStream.Faults.Devices;
using EcgStream.Protocol.V1;
using Google.Protobuf;

namespace EcgStream.Faults.Books;

/// <summary>Holds what the devices sent and the clinicians saw against what the daemon has kept. The daemon has ended when it is taken.</summary>
internal sealed class Audit(string dataDirectory, IReadOnlyList<SessionOutcome> sessions)
{
    public static readonly string[] Models = ["rhythm-12lead-normal-abnormal", "rhythm-12lead-findings"];
    private const long Second = 1_000_000_000;
    private const long BeatTolerance = 40_000_000;
    private const long GridTolerance = 2_000_000;
    private readonly Database _database = new(dataDirectory);

    /// <summary>Chunks that a fault destroyed on purpose.</summary>
    public HashSet<ChunkName> Destroyed { get; init; } = [];

    public Count Chunks()
    {
        var journal = Journal.Read(Path.Combine(dataDirectory, "journal")).GroupBy(chunk => chunk.Name).ToDictionary(same => same.Key, same => same.ToList());
        var count = new Count();
        foreach (var session in sessions)
        {
            foreach (var chunk in session.Make())
            {
                var name = new ChunkName(session.Device, session.Session, chunk.Sequence);
                if (Destroyed.Contains(name))
                {
                    continue;
                }

                var copies = journal.GetValueOrDefault(name) ?? [];
                var digest = Journal.Digest(chunk.ToByteArray());
                count += new Count(1, copies.Exists(copy => copy.Digest == digest) ? 0 : 1, Math.Max(0, copies.Count - 1));
            }
        }

        return count;
    }

    /// <summary>How many windows one model must have of a session.</summary>
    public static int WindowsOf(SessionOutcome session) => Math.Max(0, (int)Math.Floor(session.Seconds) - 9);

    public Count Windows()
    {
        var stored = _database.Results().ToLookup(result => (result.Device, result.Session, result.Model), result => result.StartUnixNs);
        var count = new Count();
        foreach (var session in sessions)
        {
            var expected = WindowsOf(session);
            foreach (var model in Models)
            {
                var seen = new HashSet<long>();
                var wrong = 0;
                foreach (var start in stored[(session.Device, session.Session, model)])
                {
                    var number = (start - session.StartUnixNs + (Second / 2)) / Second;
                    var isOnGrid = Math.Abs(start - session.StartUnixNs - (number * Second)) <= GridTolerance;
                    wrong += isOnGrid && number < expected && seen.Add(number) ? 0 : 1;
                }

                count += new Count(expected, expected - seen.Count, wrong);
            }
        }

        return count;
    }

    public Count Beats()
    {
        var stored = _database.Beats().ToLookup(beat => (beat.Device, beat.Session), beat => beat.PeakUnixNs);
        var count = new Count();
        foreach (var session in sessions)
        {
            var expected = Reference.Of(session).Beats;
            long[] found = [.. stored[(session.Device, session.Session)].Order()];
            var (matched, next) = (0, 0);
            foreach (var beat in expected)
            {
                while (next < found.Length && found[next] < beat - BeatTolerance)
                {
                    next++;
                }

                if (next < found.Length && found[next] <= beat + BeatTolerance)
                {
                    (matched, next) = (matched + 1, next + 1);
                }
            }

            count += new Count(expected.Count, expected.Count - matched, found.Length - matched);
        }

        return count;
    }

    public Count Asystoles()
    {
        var told = _database.Alarms().Select(alarm => alarm.Event).Where(alarm => alarm.Transition == AlarmTransition.Raised).ToLookup(alarm => alarm.DeviceId);
        var count = new Count();
        foreach (var session in sessions)
        {
            var expected = session.Seconds >= 20 ? 1 : 0;
            var found = 0;
            var again = 0;
            var lost = false;
            foreach (var alarm in told[session.Device])
            {
                // When no data come the asystole is no longer assessed; when they are back and the heart still stands, it is a new alarm.
                lost |= alarm.Condition == AlarmCondition.NoData;
                if (alarm.Condition == AlarmCondition.Asystole && (long)alarm.OnsetUnixNs >= session.StartUnixNs + (9 * Second)
                    && (long)alarm.OnsetUnixNs <= session.StartUnixNs + (14 * Second))
                {
                    again += found > 0 && !lost ? 1 : 0;
                    (found, lost) = (found + 1, false);
                }
            }

            if (expected == 1 || again > 0)
            {
                count += new Count(expected, Math.Max(0, expected - found), again);
            }
        }

        return count;
    }

    /// <summary>Cursors as a subscriber saw them against those that are stored.</summary>
    /// <param name="seen">In the order of their coming.</param>
    /// <param name="mayRepeat">QoS 1 delivers at least once: a cursor that came before is dropped by it, as every subscriber can.</param>
    /// <param name="mayMiss">An embedded broker that is killed takes the messages of whoever is away with it.</param>
    public Count Alerts(IReadOnlyList<ulong> seen, bool mayRepeat, bool mayMiss)
    {
        var stored = _database.Alarms().Select(alarm => alarm.Cursor).ToHashSet();
        var known = new HashSet<ulong>();
        var (last, wrong) = (0ul, 0);
        foreach (var cursor in seen)
        {
            if (!known.Add(cursor))
            {
                wrong += mayRepeat ? 0 : 1;
                continue;
            }

            wrong += cursor < last || !stored.Contains(cursor) ? 1 : 0;
            last = Math.Max(last, cursor);
        }

        var missing = stored.Count(cursor => !known.Contains(cursor));
        return mayMiss ? new Count(known.Count, 0, wrong) : new Count(stored.Count, missing, wrong);
    }

    /// <param name="points">InfluxDB's points of each device and model.</param>
    public Count Influx(IReadOnlyDictionary<(string Device, string Model), int> points)
    {
        var count = new Count();
        foreach (var results in _database.Results().GroupBy(result => (result.Device, result.Model)))
        {
            var (expected, there) = (results.Count(), points.GetValueOrDefault(results.Key));
            count += new Count(expected, Math.Max(0, expected - there), Math.Max(0, there - expected));
        }

        return count;
    }
}
