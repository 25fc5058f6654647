namespace EcgStream.Evaluation.Ec57;

/// <summary>
/// Compares runs as the standard's comparator (rxr of WFDB) does: each run of one annotator, from a match window before its first beat to one behind its last, is held
/// against the longest run of the other in that stretch, both ways.
/// </summary>
internal static class RunComparison
{
    public static RunTable Compare(RunTrack reference, RunTrack test, ScoredSpan span)
    {
        var table = new RunTable();
        foreach (var (stretch, length) in Runs(reference, span))
        {
            table.AddOfReference(length, LongestIn(test, stretch));
        }

        foreach (var (stretch, length) in Runs(test, span))
        {
            table.AddOfTest(LongestIn(reference, stretch), length);
        }

        return table;
    }

    /// <summary>The runs of a track behind the learning period, with the stretch in which the other's are looked for. A run that the record's end cuts is not counted.</summary>
    internal static IEnumerable<(Stretch Where, int Length)> Runs(RunTrack track, ScoredSpan span)
    {
        var length = 0;
        long start = 0, end = 0;
        for (var index = 0; index < track.Count && track.At(index) <= span.End; index++)
        {
            var at = track.At(index);
            var what = track.What(index);
            if (at < span.Start)
            {
                // An episode that goes on from the learning period.
                length = what == RunEvent.EpisodeStart ? RunTable.Longest : track.EndsEpisode(index) ? 0 : length;
                (start, end) = (span.Start - span.Match, span.Start + span.Match);
                continue;
            }

            switch (what)
            {
                case RunEvent.Member:
                    start = length == 0 ? at - span.Match : start;
                    end = at + span.Match;
                    length = Math.Min(RunTable.Longest, length + 1);
                    break;
                case RunEvent.EpisodeStart when length == 0:
                    start = at - span.Match;
                    end = at + span.Match;
                    length = RunTable.Longest;
                    break;
                case RunEvent.EpisodeEnd when length > 0:
                    end = at + span.Match;
                    break;
                case RunEvent.Breaker when length > 0:
                    yield return (new Stretch(start, end), length);
                    length = 0;
                    break;
            }
        }
    }

    /// <summary>The longest run within a stretch; an episode that touches it counts as a longest one.</summary>
    internal static int LongestIn(RunTrack track, Stretch where)
    {
        int longest = 0, length = 0;
        var inEpisode = false;
        for (var index = 0; index < track.Count && track.At(index) <= where.End; index++)
        {
            var what = track.What(index);
            var before = track.At(index) < where.Start;
            if (what == RunEvent.EpisodeStart)
            {
                inEpisode = true;
                if (!before)
                {
                    return RunTable.Longest;
                }
            }
            else if (inEpisode && track.EndsEpisode(index))
            {
                if (track.At(index) > where.Start)
                {
                    return RunTable.Longest;
                }

                inEpisode = false;
            }

            if (before)
            {
                continue;
            }

            length = what == RunEvent.Member ? Math.Min(RunTable.Longest, length + 1) : what is RunEvent.Breaker or RunEvent.OtherEpisodeStart ? 0 : length;
            longest = Math.Max(longest, length);
        }

        return inEpisode ? RunTable.Longest : longest;
    }
}
