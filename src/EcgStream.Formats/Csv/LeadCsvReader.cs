using System.Collections.Immutable;
using EcgStream.Core.Signals;

namespace EcgStream.Formats.Csv;

/// <summary>Reads a CSV file with one recording: a header of lead names, then one sample of every lead per row.</summary>
public static class LeadCsvReader
{
    /// <exception cref="RecordingFormatException">The file cannot be read, a column is no lead, or a field no finite number.</exception>
    public static Recording Read(string path, RecordingDefaults defaults)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(defaults);
        return SourceFile.Guard(path, () => ReadCore(path, defaults));
    }

    internal static bool IsLeadHeader(CsvRowReader header)
    {
        // One known lead is enough to tell the kind of file; an unknown one beside it is then refused by name.
        for (int i = 0; i < header.FieldCount; i++)
        {
            if (LeadNames.TryParse(header.Field(i).Trim().ToString(), out _))
            {
                return true;
            }
        }

        return false;
    }

    private static Recording ReadCore(string path, RecordingDefaults defaults)
    {
        using CsvRowReader reader = CsvText.Open(path, defaults.Limits);
        ImmutableArray<Lead> leads = ReadHeader(reader, defaults.Limits);
        double factor = defaults.MillivoltsPerUnit;
        List<double>[] columns = [.. leads.Select(_ => new List<double>())];
        while (reader.Read())
        {
            if (reader.FieldCount != leads.Length)
            {
                throw reader.Fault(RecordingFault.Shape, "", $"{reader.FieldCount} fields for {leads.Length} leads");
            }

            if ((columns[0].Count + 1L) * leads.Length > defaults.Limits.MaxValues)
            {
                throw reader.Fault(RecordingFault.LimitExceeded, "", $"more than {defaults.Limits.MaxValues} values");
            }

            for (int i = 0; i < leads.Length; i++)
            {
                if (!InvariantNumber.TryDouble(reader.Field(i), out double value))
                {
                    throw reader.Fault(RecordingFault.Malformed, $"lead {leads[i].Name()}", $"'{CsvText.Excerpt(reader.Field(i))}' is not a number");
                }

                columns[i].Add(value * factor);
            }
        }

        if (columns[0].Count == 0)
        {
            throw reader.Fault(RecordingFault.Truncated, "", "no sample follows the header");
        }

        RecordingInfo info = new()
        {
            Name = Path.GetFileNameWithoutExtension(path),
            SourcePath = path,
            Format = RecordingFormat.LeadCsv,
            SampleRateHz = defaults.SampleRateHz,
            Leads = leads,
            Notes = [FormattableString.Invariant($"{defaults.SampleRateHz} Hz and unit {defaults.Unit} taken from the caller")],
        };
        return Recording.FromPhysical(info, [.. columns.Select(c => c.ToArray())]);
    }

    private static ImmutableArray<Lead> ReadHeader(CsvRowReader reader, RecordingLimits limits)
    {
        if (!reader.Read())
        {
            throw reader.Fault(RecordingFault.Truncated, "", "the file is empty");
        }

        if (reader.FieldCount > limits.MaxLeads)
        {
            throw reader.Fault(RecordingFault.LimitExceeded, "", $"{reader.FieldCount} columns, the limit is {limits.MaxLeads} leads");
        }

        ImmutableArray<Lead>.Builder leads = ImmutableArray.CreateBuilder<Lead>(reader.FieldCount);
        for (int i = 0; i < reader.FieldCount; i++)
        {
            string name = reader.Field(i).Trim().ToString();
            leads.Add(LeadNames.TryParse(name, out Lead lead)
                ? lead
                : throw reader.Fault(RecordingFault.Lead, $"field {i + 1}", $"'{CsvText.Excerpt(name)}' is not a lead name"));
        }

        return leads.MoveToImmutable();
    }
}
