using System.Collections.Frozen;
using System.Text;
using EcgStream.Core.Signals;

namespace EcgStream.Formats;

/// <summary>What a signal's name says about its lead.</summary>
/// <param name="Lead">The lead; <see cref="Core.Signals.Lead.None"/> where the name is not that of one.</param>
/// <param name="IsSubstitute">The electrodes stand elsewhere, as those of ambulatory recorders do: MLIII for III, CM5 for V5.</param>
/// <param name="IsUnplaced">An ECG signal of which the name does not say where it was taken: empty, ECG1, channel 2.</param>
/// <param name="IsOther">Known to be something else than one of the twelve leads: pressure, respiration, a Frank lead.</param>
internal readonly record struct LeadName(Lead Lead, bool IsSubstitute = false, bool IsUnplaced = false, bool IsOther = false);

/// <summary>
/// Reads lead names in the conventions that recorders and countries use: aVR, D2, DII, C4, Lead II, Ableitung_II, MDC_ECG_LEAD_V1, 导联Ⅱ, with or
/// without case, blanks, underscores and a unit in brackets.
/// </summary>
internal static class LeadNameReader
{
    private static readonly string[] LeadWords =
    [
        "LEADS", "LEAD", "ABLEITUNG", "DERIVATION", "DÉRIVATION", "DERIVACION", "DERIVACIÓN", "DERIVAÇÃO", "DERIVACAO", "DERIVAZIONE", "AFLEIDING", "AVLEDNING",
        "ODPROWADZENIE", "SVOD", "ELVEZETÉS", "DERIVASYON", "KYTKENTÄ", "ОТВЕДЕНИЕ", "导联", "導聯", "導程", "誘導", "诱导", "유도",
    ];

    private static readonly string[] SignalWords = ["MDC", "ECG", "EKG", "ЭКГ", "心电", "心電", "第"];

    private static readonly FrozenSet<string> Unplaced = new[]
    {
        "", "CH", "CHANNEL", "KANAL", "CANAL", "CANALE", "KANAAL", "SIG", "SIGNAL", "SIGNALS", "VALUE", "VALUES", "VOLTAGE", "AMPLITUDE", "DATA", "RAW", "WAVEFORM",
        "SAMPLE VALUE", "MV", "UV", "\u039CV",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Others = new[]
    {
        "PLETH", "PPG", "SPO2", "ABP", "ART", "ARTERIAL", "BP", "NIBP", "CVP", "PAP", "ICP", "RAP", "LAP", "RESP", "RESPIRATION", "RR", "CO2", "ETCO2", "FLOW", "AIRFLOW", "TEMP", "EEG",
        "EMG", "EOG", "ACC", "GYR", "SCG", "PCG", "BCG", "GSR", "EDA", "VX", "VY", "VZ", "X", "Y", "Z", "MARKER", "EVENT", "TRIGGER", "STATUS", "NOISE", "HR", "PULSE",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Lead> Exact = Pairs(
        (Lead.I, "I D1 DI L1 LI LARA"), (Lead.II, "II D2 DII L2 LII LLRA"), (Lead.III, "III D3 DIII L3 LIII LLLA"), (Lead.AVR, "AVR"), (Lead.AVL, "AVL"), (Lead.AVF, "AVF"),
        (Lead.V1, "V1 C1"), (Lead.V2, "V2 C2"), (Lead.V3, "V3 C3"), (Lead.V4, "V4 C4"), (Lead.V5, "V5 C5"), (Lead.V6, "V6 C6"), (Lead.MLII, "MLII ML2"), (Lead.MCL1, "MCL1 MCL"), (Lead.V, "V C"),
        (Lead.Ecg, "ECG"), (Lead.Ecg2, "ECG2"));

    private static readonly FrozenDictionary<string, Lead> Substitutes = Pairs(
        (Lead.I, "MLI ML1"), (Lead.III, "MLIII ML3"), (Lead.V1, "MV1 MODV1 CM1"), (Lead.V2, "MV2 MODV2 CM2 CS2"), (Lead.V3, "MV3 MODV3 CM3"), (Lead.V4, "MV4 MODV4 CM4"),
        (Lead.V5, "MV5 MODV5 CM5 CS5 CC5 ML5 MCL5"), (Lead.V6, "MV6 MODV6 CM6 MCL6"));

    // Lead I to III as numbers, which only a word for "lead" beside them makes leads.
    private static readonly FrozenDictionary<string, Lead> Numbers = Pairs((Lead.I, "1"), (Lead.II, "2"), (Lead.III, "3"));

    /// <summary>Reads a name; never fails.</summary>
    public static LeadName Read(string name)
    {
        string text = Plain(PhysicalUnits.WithoutUnit(name, out _));

        // The WFDB library describes a signal without a description so.
        if (text.StartsWith("RECORD ", StringComparison.Ordinal) && text.Contains(", SIGNAL ", StringComparison.Ordinal))
        {
            return new LeadName(Lead.None, IsUnplaced: true);
        }

        // −aVR is upside down, which is another signal than aVR.
        if (text.StartsWith('-'))
        {
            return default;
        }

        bool isEcg = text is "ECG" or "EKG";
        bool hasWord = Remove(ref text, LeadWords);
        isEcg |= Remove(ref text, SignalWords);
        string key = string.Concat(text.Where(c => c is not (' ' or '_' or '-' or '.' or ':' or '/' or '+')));
        if (Exact.TryGetValue(key, out Lead lead) && key is not ("ECG" or "ECG2"))
        {
            return new LeadName(lead);
        }

        if (Substitutes.TryGetValue(key, out lead))
        {
            return new LeadName(lead, IsSubstitute: true);
        }

        if (hasWord && Numbers.TryGetValue(key, out lead))
        {
            return new LeadName(lead);
        }

        string stem = key.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return Others.Contains(key) || (Others.Contains(stem) && stem.Length > 1) ? new LeadName(Lead.None, IsOther: true)
            : Unplaced.Contains(stem) && (stem.Length > 0 || isEcg || key.Length == 0) ? new LeadName(isEcg && key == "2" ? Lead.Ecg2 : isEcg ? Lead.Ecg : Lead.None, IsUnplaced: true)
            : default;
    }

    /// <summary>Whether a text holds a word for "lead", as the head of an export does.</summary>
    public static bool HasLeadWord(string text)
    {
        string plain = Plain(text);
        return Remove(ref plain, LeadWords);
    }

    private static bool Remove(ref string text, string[] words)
    {
        bool any = false;
        foreach (string word in words)
        {
            int at = text.IndexOf(word, StringComparison.Ordinal);

            // A word of letters stands at the beginning or the end; CJK words stand anywhere.
            if (at == 0 || (at > 0 && (at + word.Length == text.Length || word[0] > 0x2E80 || text[at - 1] is ' ' or '_' or '-')))
            {
                text = text.Remove(at, word.Length);
                any = true;
            }
        }

        text = any ? text.Trim(' ', '_', '-', '.', ':') : text;
        return any;
    }

    // Upper case, with full-width forms, Roman numerals and Cyrillic look-alikes as plain letters.
    private static string Plain(string name)
    {
        StringBuilder plain = new(name.Length);
        foreach (char c in name.Trim().Trim('\'', '"'))
        {
            _ = c switch
            {
                >= '\uFF01' and <= '\uFF5E' => plain.Append((char)(c - 0xFEE0)),
                'Ⅰ' or 'ⅰ' => plain.Append('I'),
                'Ⅱ' or 'ⅱ' => plain.Append("II"),
                'Ⅲ' or 'ⅲ' => plain.Append("III"),
                '\u2212' => plain.Append('-'),
                '\u00A0' or '\t' => plain.Append(' '),
                _ => plain.Append(c),
            };
        }

        string upper = plain.ToString().ToUpperInvariant().Trim();

        // A Cyrillic А looks the same and is easily typed.
        return upper is ['А', 'V', 'R' or 'L' or 'F'] ? "A" + upper[1..] : upper;
    }

    private static FrozenDictionary<string, Lead> Pairs(params (Lead Lead, string Names)[] leads) =>
        leads.SelectMany(pair => pair.Names.Split(' ').Select(name => KeyValuePair.Create(name, pair.Lead))).ToFrozenDictionary(StringComparer.Ordinal);
}
