using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using EcgStream.Core.Signals;

namespace EcgStream.Formats;

/// <summary>
/// What the caller says of a file's signals (<c>--lead</c>): leads in the order of the signals (<c>II,V1</c>; <c>-</c> leaves one out), or leads by
/// signal name or number (<c>ECG1=II,#2=V5</c>). Immutable.
/// </summary>
public sealed class LeadAssignment
{
    private const string LeftOut = "-";

    private readonly FrozenDictionary<string, Lead> _byName;

    private LeadAssignment(ImmutableArray<Lead> ordered, FrozenDictionary<string, Lead> byName)
    {
        Ordered = ordered;
        _byName = byName;
    }

    /// <summary>One lead per signal, in order; <see cref="Lead.None"/> leaves the signal out. Empty where leads are given by name.</summary>
    public ImmutableArray<Lead> Ordered { get; }

    public static LeadAssignment Of(params ReadOnlySpan<Lead> leads) => new([.. leads], FrozenDictionary<string, Lead>.Empty);

    /// <summary>Reads the text of <c>--lead</c>; <c>12</c> is short for the standard twelve.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out LeadAssignment? assignment, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        assignment = null;
        if (text == "12")
        {
            (assignment, problem) = (Of([.. LeadNames.StandardTwelve]), null);
            return true;
        }

        ImmutableArray<Lead>.Builder ordered = ImmutableArray.CreateBuilder<Lead>();
        Dictionary<string, Lead> byName = new(StringComparer.OrdinalIgnoreCase);
        foreach (string item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = item.LastIndexOf('=');
            string name = item[(equals + 1)..].Trim();
            if (!TryLead(name, out Lead lead))
            {
                problem = $"'{name}' is not a lead; known are {Known}, and {LeftOut} for a signal to leave out";
                return false;
            }

            if (equals < 0)
            {
                ordered.Add(lead);
            }
            else if (!byName.TryAdd(item[..equals].Trim(), lead))
            {
                problem = $"'{item[..equals].Trim()}' is given twice";
                return false;
            }
        }

        IEnumerable<Lead> named = ordered.Concat(byName.Values).Where(lead => lead != Lead.None);
        if (ordered.Count > 0 && byName.Count > 0)
        {
            problem = "leads are given either in order (II,V1) or by name (ECG1=II), not both";
        }
        else if (named.GroupBy(lead => lead).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            problem = $"lead {twice.Key.Name()} is given twice";
        }
        else if (!named.Any())
        {
            problem = $"'{text}' names no lead; known are {Known}";
        }
        else
        {
            assignment = new LeadAssignment(ordered.ToImmutable(), byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
            problem = null;
            return true;
        }

        return false;
    }

    /// <summary>The lead given for a signal by its name or its number.</summary>
    /// <param name="signalName">As it stands in the file.</param>
    /// <param name="index">Place of the signal, from 0.</param>
    /// <param name="lead"><see cref="Lead.None"/> for a signal to leave out.</param>
    internal bool TryByName(string signalName, int index, out Lead lead) =>
        _byName.TryGetValue(signalName, out lead) || _byName.TryGetValue(FormattableString.Invariant($"#{index + 1}"), out lead);

    private static string Known { get; } = string.Join(' ', Enum.GetValues<Lead>().Where(lead => lead != Lead.None).Select(lead => lead.Name()));

    private static bool TryLead(string name, out Lead lead)
    {
        lead = Lead.None;
        return name == LeftOut || (LeadNameReader.Read(name) is { Lead: not Lead.None } read && (lead = read.Lead) != Lead.None);
    }
}
