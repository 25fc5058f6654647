using System.Collections.Immutable;
using EcgStream.Core.Signals;

namespace EcgStream.Formats.Csv;

/// <summary>
/// Reads a CSV file with one recording: a column per lead, one sample of every lead per row, written in any country's fashion, with or without a time column, a unit
/// and lines above that state rate, unit and lead, as the exports of watches have them.
/// </summary>
public static class TableCsvReader
{
    /// <exception cref="RecordingFormatException">The file cannot be read, holds no lead, or a row does not fit the others.</exception>
    public static Recording Read(string path, RecordingDefaults defaults)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(defaults);
        return SourceFile.Guard(path, () => ReadCore(path, defaults));
    }

    /// <summary>Whether the columns' names, or the lines above them, say that it is an ECG; a table of anything else is none.</summary>
    internal static bool IsEcg(TableLayout layout) =>
        layout.LeadName is not null || layout.Names.Any(name => LeadNameReader.Read(name).Lead != Lead.None);

    private static Recording ReadCore(string path, RecordingDefaults defaults)
    {
        TableLayout layout = TableLayout.Of(path, defaults.Limits) ?? throw new RecordingFormatException(
            RecordingFault.Malformed, path, "", "no rows of numbers found, with columns separated by comma, semicolon, tab, bar or blanks and decimals by point or comma");
        List<string> notes = [];
        TableRows rows = TableRows.Read(path, layout, defaults);
        ImmutableArray<TableColumn> columns = Columns(path, layout, rows, defaults);
        double? ownRate = layout.SampleRateHz;
        string place = ownRate is null ? "" : "the lines above the samples";
        if (columns.FirstOrDefault(column => column.Kind == TableColumnKind.Time) is { } time)
        {
            (ownRate, place) = (rows.TakeRate(path, time, defaults.MissingSamples, notes) ?? ownRate, $"column {time.Index + 1} '{time.Name}'");
        }

        double rate = defaults.RateOf(path, ownRate, place, notes);
        RecordingRules.CheckSampleRate(rate, path, place);
        if (ownRate is not null)
        {
            notes.Add(FormattableString.Invariant($"sample rate {rate:G6} Hz from {place}"));
        }

        foreach (TableColumn index in columns.Where(column => column.Kind == TableColumnKind.Index))
        {
            notes.Add($"column {index.Index + 1} '{index.Name}' counts rows and was left out");
        }

        TableColumn[] signals = [.. columns.Where(column => column.Kind == TableColumnKind.Signal)];
        ImmutableArray<Lead> leads = Leads(path, layout, signals, defaults, notes);
        (TableColumn Column, Lead Lead)[] chosen = [.. signals.Zip(leads).Where(pair => pair.Second != Lead.None)];
        PhysicalUnit[] stated = [.. chosen.Select(pair => pair.Column.Unit ?? layout.Unit ?? PhysicalUnit.Auto).Distinct()];
        double[][] samples = [.. chosen.Select(pair => rows.Take(pair.Column.Index))];
        return Build(path, rate, [.. chosen.Select(pair => pair.Lead)], samples, stated, defaults, notes);
    }

    private static Recording Build(
        string path, double rate, ImmutableArray<Lead> leads, double[][] samples, PhysicalUnit[] stated, RecordingDefaults defaults, List<string> notes)
    {
        RecordingInfo info = new()
        {
            Name = Path.GetFileNameWithoutExtension(path),
            SourcePath = path,
            Format = RecordingFormat.LeadCsv,
            SampleRateHz = rate,
            Leads = leads,
        };
        if (stated.Length > 1)
        {
            throw new RecordingFormatException(
                RecordingFault.Scale, path, "", $"columns in different units ({string.Join(", ", stated.Select(unit => unit == PhysicalUnit.Auto ? "none" : unit.Symbol()))}); --lead - leaves columns out");
        }

        if (defaults.Gain is { } gain)
        {
            notes.Add(FormattableString.Invariant($"gain {gain.LsbPerMillivolt} per mV and baseline {gain.BaselineLsb ?? 0} as --gain says"));
            foreach (double[] row in samples)
            {
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] = (row[i] - (gain.BaselineLsb ?? 0)) / gain.LsbPerMillivolt;
                }
            }
        }
        else
        {
            AmplitudeCheck.ToMillivolts(path, samples, rate, defaults.Unit, stated[0] == PhysicalUnit.Auto ? null : stated[0], notes);
        }

        Recording recording = Recording.FromPhysical(info, samples, defaults.MissingSamples);
        if (recording.MissingSampleCount > 0)
        {
            notes.Add($"{recording.MissingSampleCount} samples are missing; the leads are off there");
        }

        return recording.With(info with { Notes = [.. notes] });
    }

    private static ImmutableArray<TableColumn> Columns(string path, TableLayout layout, TableRows rows, RecordingDefaults defaults)
    {
        TableColumn[] columns = new TableColumn[layout.Columns];
        for (int i = 0; i < columns.Length; i++)
        {
            string name = layout.Names.IsEmpty ? "" : layout.Names[i];
            string unitLine = layout.Units.IsEmpty ? "" : layout.Units[i];
            PhysicalUnits.WithoutUnit(name, out PhysicalUnit? unit);
            unit = PhysicalUnits.TryParse(unitLine, out PhysicalUnit below) ? below : unit;
            TableColumnKind kind = rows.IsEmpty(i) ? TableColumnKind.Empty
                : rows.IsClock(i) || (name.Length > 0 && TimeColumn.IsTime(name)) ? rows.CountsRows(i) ? TableColumnKind.Index : TableColumnKind.Time
                : layout.Columns > 1 && !layout.Names.IsEmpty && TimeColumn.IsIndex(name) && rows.CountsRows(i) ? TableColumnKind.Index
                : TableColumnKind.Signal;
            columns[i] = new TableColumn(i, name, kind, unit, TimeColumn.UnitSeconds(unitLine) ?? TimeColumn.UnitSeconds(name));
        }

        // Without names the first column may still be seen to be a time.
        if (layout.Names.IsEmpty && columns.Length > 1 && rows.Climbs(0) && defaults.Leads?.Ordered.Length != columns.Length)
        {
            columns[0] = columns[0] with { Kind = rows.CountsRows(0) ? TableColumnKind.Index : TableColumnKind.Time };
        }

        return columns.Any(column => column.Kind == TableColumnKind.Signal) ? [.. columns] : throw new RecordingFormatException(
            RecordingFault.Lead, path, "", $"no column of samples among {string.Join(", ", layout.Names.Select(name => $"'{CsvText.Excerpt(name)}'"))}");
    }

    private static ImmutableArray<Lead> Leads(
        string path, TableLayout layout, TableColumn[] signals, RecordingDefaults defaults, List<string> notes)
    {
        string[] names = [.. signals.Select(signal => signal.Name)];
        if (layout.LeadName is { } one && names.Length == 1 && LeadNameReader.Read(names[0]).Lead is Lead.None or Lead.Ecg)
        {
            names[0] = LeadNameReader.HasLeadWord(one) ? one : "Lead " + one;
        }
        else if (layout.Names.IsEmpty && names.Length > 1 && defaults.Leads is null)
        {
            if (names.Length != LeadNames.StandardTwelve.Count)
            {
                throw new RecordingFormatException(
                    RecordingFault.Lead,
                    path,
                    FormattableString.Invariant($"line {layout.HeadLines + 1}"),
                    $"{names.Length} columns without a header ({layout.Dialect.Describe()}); --lead names them in order, as --lead II,V1, and - leaves one out");
            }

            notes.Add("twelve columns without a header; the standard twelve leads in their usual order assumed");
            return [.. LeadNames.StandardTwelve];
        }

        return SignalLeads.Resolve(path, [.. names.Select(name => new SignalName(name))], defaults.Leads, notes);
    }
}
