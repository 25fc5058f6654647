using System.Collections.Immutable;
using EcgStream.Core.Signals;

namespace EcgStream.Formats;

/// <summary>One signal of a file, as its leads are told apart.</summary>
/// <param name="Name">As it stands in the file; may be empty.</param>
/// <param name="Problem">Why it cannot be an ECG lead whatever its name (its unit is mmHg, say); null otherwise.</param>
internal readonly record struct SignalName(string Name, string? Problem = null);

/// <summary>Tells which signals of a file are ECG leads; all others are left out, each with a note.</summary>
internal static class SignalLeads
{
    /// <returns>One lead per signal; <see cref="Lead.None"/> for those left out.</returns>
    /// <exception cref="RecordingFormatException">No lead is left, or the caller's leads do not fit the file.</exception>
    public static ImmutableArray<Lead> Resolve(string path, IReadOnlyList<SignalName> signals, LeadAssignment? assignment, ICollection<string> notes)
    {
        LeadName[] read = [.. signals.Select(signal => LeadNameReader.Read(signal.Name))];
        Lead?[] given = Given(path, signals, read, assignment);
        Lead[] leads = new Lead[signals.Count];
        for (int i = 0; i < leads.Length; i++)
        {
            string signal = Describe(i, signals[i].Name);
            if (given[i] is { } stated)
            {
                leads[i] = stated;
                notes.Add(stated == Lead.None ? $"{signal} left out as --lead says" : $"{signal} is lead {stated.Name()} as --lead says");
            }
            else if (signals[i].Problem is { } problem)
            {
                notes.Add($"{signal} left out: {problem}");
            }
            else if (read[i].IsOther)
            {
                notes.Add($"{signal} left out: it is not one of the twelve leads");
            }
            else if (read[i].Lead == Lead.None && !read[i].IsUnplaced)
            {
                notes.Add($"{signal} left out: its name is not that of a lead; --lead {Key(i, signals)}=II reads it as II");
            }
            else
            {
                leads[i] = read[i].Lead;
            }
        }

        Place(signals, read, given, leads, notes);
        LeaveOutRepeats(signals, given, leads, notes);
        return leads.Any(lead => lead != Lead.None) ? [.. leads] : throw new RecordingFormatException(
            RecordingFault.Lead,
            path,
            "",
            $"no signal is a known ECG lead among {string.Join(", ", signals.Take(8).Select(signal => $"'{signal.Name}'"))}; --lead {Key(0, signals)}=II reads one as II");
    }

    private static Lead?[] Given(string path, IReadOnlyList<SignalName> signals, LeadName[] read, LeadAssignment? assignment)
    {
        Lead?[] given = new Lead?[signals.Count];
        if (assignment is null)
        {
            return given;
        }

        if (assignment.Ordered.IsEmpty)
        {
            for (int i = 0; i < given.Length; i++)
            {
                given[i] = assignment.TryByName(signals[i].Name, i, out Lead lead) ? lead : null;
            }

            return given;
        }

        // In order: over all signals, or over those that do not say their lead themselves.
        int[] open = [.. Enumerable.Range(0, given.Length).Where(i => IsOpen(signals[i], read[i]))];
        int[] places = assignment.Ordered.Length == given.Length ? [.. Enumerable.Range(0, given.Length)] : open;
        if (places.Length != assignment.Ordered.Length && open.Length > 0)
        {
            throw new RecordingFormatException(
                RecordingFault.Lead,
                path,
                "",
                $"--lead names {assignment.Ordered.Length} leads; the file has {given.Length} signals, {open.Length} of them without a lead's name: "
                + string.Join(", ", signals.Take(16).Select((signal, i) => Describe(i, signal.Name))));
        }

        for (int i = 0; places.Length == assignment.Ordered.Length && i < places.Length; i++)
        {
            Lead own = read[places[i]].IsUnplaced ? Lead.None : read[places[i]].Lead;
            given[places[i]] = own == assignment.Ordered[i] && own != Lead.None ? null : assignment.Ordered[i];
        }

        return given;
    }

    private static bool IsOpen(SignalName signal, LeadName name) => signal.Problem is null && !name.IsOther && (name.Lead == Lead.None || name.IsUnplaced);

    // Signals that are an ECG without a place take the two leads that say just that.
    private static void Place(IReadOnlyList<SignalName> signals, LeadName[] read, Lead?[] given, Lead[] leads, ICollection<string> notes)
    {
        for (int i = 0; i < leads.Length; i++)
        {
            if (given[i] is not null || signals[i].Problem is not null || !read[i].IsUnplaced)
            {
                if (given[i] is null && read[i].IsSubstitute && signals[i].Problem is null)
                {
                    notes.Add($"{Describe(i, signals[i].Name)} taken for lead {leads[i].Name()}");
                }

                continue;
            }

            int self = i;
            bool Free(Lead lead) => !leads.Where((other, at) => at != self && (at < self || !read[at].IsUnplaced)).Contains(lead);
            leads[i] = Free(Lead.Ecg) ? Lead.Ecg : Free(Lead.Ecg2) ? Lead.Ecg2 : Lead.None;
            if (leads[i] == Lead.None)
            {
                notes.Add($"{Describe(i, signals[i].Name)} left out: only two signals without a place are read; --lead {Key(i, signals)}=V5 reads it as V5");
            }
            else if (!string.Equals(signals[i].Name, leads[i].Name(), StringComparison.OrdinalIgnoreCase))
            {
                notes.Add($"{Describe(i, signals[i].Name)} read as lead {leads[i].Name()}, for its name says no place; --lead states one");
            }
        }
    }

    private static void LeaveOutRepeats(IReadOnlyList<SignalName> signals, Lead?[] given, Lead[] leads, ICollection<string> notes)
    {
        for (int i = 0; i < leads.Length; i++)
        {
            // A lead that was given wins over one that was read, wherever it stands.
            int self = i;
            bool repeats = leads[i] != Lead.None
                && Enumerable.Range(0, leads.Length).Any(at => at != self && leads[at] == leads[self] && (given[at] is not null, -at).CompareTo((given[self] is not null, -self)) > 0);
            if (repeats)
            {
                notes.Add($"{Describe(i, signals[i].Name)} left out: lead {leads[i].Name()} stands twice; --lead #{i + 1}=V5 reads it as V5");
                leads[i] = Lead.None;
            }
        }
    }

    private static string Describe(int index, string name) =>
        name.Length == 0 ? FormattableString.Invariant($"signal {index + 1}") : $"signal {index + 1} '{(name.Length > 40 ? name[..40] + "…" : name)}'";

    private static string Key(int index, IReadOnlyList<SignalName> signals) =>
        signals[index].Name.Length is > 0 and <= 20 && signals[index].Name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.') ? signals[index].Name : $"#{index + 1}";
}
