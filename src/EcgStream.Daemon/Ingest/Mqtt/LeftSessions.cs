namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>
/// Which sessions of clients that have left are kept no longer: MQTTnet keeps each until its client comes back. Looked
/// at now and then; a session counts as left from the first look that finds its client away. One caller.
/// </summary>
internal sealed class LeftSessions(TimeProvider clock)
{
    /// <summary>Kept at most, whatever their clients asked for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Sessions that are kept; beyond them those go whose clients left first.</summary>
    public const int Most = 1000;

    private readonly Dictionary<string, long> _left = new(StringComparer.Ordinal);

    /// <param name="sessions">All there are now; how long the client asked for its session to be kept, zero if it did
    /// not say.</param>
    /// <returns>Those that are to go.</returns>
    public IReadOnlyList<string> Overdue(IEnumerable<(string Id, TimeSpan Expiry, bool IsConnected)> sessions)
    {
        var now = clock.GetTimestamp();
        var away = sessions.Where(session => !session.IsConnected)
            .ToDictionary(session => session.Id, session => session.Expiry, StringComparer.Ordinal);
        foreach (var id in _left.Keys.Where(id => !away.ContainsKey(id)).ToList())
        {
            _left.Remove(id);
        }

        var overdue = new List<string>();
        foreach (var (id, asked) in away)
        {
            if (!_left.TryAdd(id, now) && clock.GetElapsedTime(_left[id], now) >= Kept(asked))
            {
                overdue.Add(id);
            }
        }

        var first = _left.Where(left => !overdue.Contains(left.Key)).OrderBy(left => left.Value);
        overdue.AddRange(first.Take(Math.Max(0, _left.Count - overdue.Count - Most)).Select(left => left.Key).ToList());
        return overdue;
    }

    private static TimeSpan Kept(TimeSpan asked) => asked > TimeSpan.Zero && asked < Longest ? asked : Longest;
}
