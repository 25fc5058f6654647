using System.Collections.Frozen;

namespace EcgStream.Core.Signals;

/// <summary>Names of leads as they are written in recordings and on paper.</summary>
public static class LeadNames
{
    /// <summary>The standard twelve in their usual order.</summary>
    public static IReadOnlyList<Lead> StandardTwelve { get; } =
        [Lead.I, Lead.II, Lead.III, Lead.AVR, Lead.AVL, Lead.AVF, Lead.V1, Lead.V2, Lead.V3, Lead.V4, Lead.V5, Lead.V6];

    private static readonly string[] Names =
        ["", "I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "MLII", "MCL1", "V", "ECG", "ECG2"];

    private static readonly FrozenDictionary<string, Lead> ByName = Enumerable.Range(1, Names.Length - 1)
        .Select(number => KeyValuePair.Create(Names[number], (Lead)number))
        .Append(KeyValuePair.Create("MCL", Lead.MCL1))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The usual spelling, e.g. <c>aVR</c>.</summary>
    public static string Name(this Lead lead) =>
        lead is > Lead.None and <= Lead.Ecg2 ? Names[(int)lead] : throw new ArgumentOutOfRangeException(nameof(lead), lead, "Not a lead");

    /// <summary>Reads a lead name, whatever its case; white space around it is not accepted.</summary>
    public static bool TryParse(string name, out Lead lead) => ByName.TryGetValue(name, out lead);

    public static bool IsDefined(int number) => number is > (int)Lead.None and <= (int)Lead.Ecg2;
}
