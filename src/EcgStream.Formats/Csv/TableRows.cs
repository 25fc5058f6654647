namespace EcgStream.Formats.Csv;

internal enum TableColumnKind
{
    Signal,
    Time,
    Index,
    Empty,
}

/// <summary>A column of a table.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Name">As it stands in the header; empty without one.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Unit">The voltage that it states; null where it states none.</param>
/// <param name="UnitSeconds">The unit of time that it states; null where it states none.</param>
internal sealed record TableColumn(int Index, string Name, TableColumnKind Kind, PhysicalUnit? Unit, double? UnitSeconds);

/// <summary>The numbers of a table, column by column; NaN where one is missing.</summary>
internal sealed class TableRows
{
    private readonly List<double>[] _columns;
    private readonly bool[] _clock;
    private readonly int _firstLine;
    private readonly long _maxValues;
    private List<(int Row, int Count)> _gaps = [];

    private TableRows(int columns, int firstLine, long maxValues)
    {
        _columns = [.. Enumerable.Range(0, columns).Select(_ => new List<double>())];
        _clock = new bool[columns];
        _firstLine = firstLine;
        _maxValues = maxValues;
    }

    /// <exception cref="RecordingFormatException">A row has another number of fields, or a field is no number.</exception>
    public static TableRows Read(string path, TableLayout layout, RecordingDefaults defaults)
    {
        using LineReader reader = new(CsvText.OpenText(path), path, defaults.Limits.MaxRowCharacters);
        while (reader.Line < layout.HeadLines)
        {
            reader.Read();
        }

        TableRows rows = new(layout.Columns, layout.HeadLines + 1, defaults.Limits.MaxValues);
        List<Range> fields = [];
        while (reader.Read() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (!layout.Dialect.TrySplit(line, fields) || fields.Count != layout.Columns)
            {
                throw Fault(path, reader.Line, RecordingFault.Shape, "", $"{fields.Count} fields for {layout.Columns} columns ({layout.Dialect.Describe()})");
            }

            if ((rows._columns[0].Count + 1L) * layout.Columns > defaults.Limits.MaxValues)
            {
                throw Fault(path, reader.Line, RecordingFault.LimitExceeded, "", $"more than {defaults.Limits.MaxValues} values");
            }

            for (int i = 0; i < fields.Count; i++)
            {
                ReadOnlySpan<char> field = line.AsSpan(fields[i]);
                if (!layout.Dialect.TryNumber(field, out double value))
                {
                    bool isTime = layout.Dialect.TryTime(field, out value, out rows._clock[i]);
                    if (!isTime)
                    {
                        throw Fault(path, reader.Line, RecordingFault.Malformed, $", field {i + 1}", $"'{CsvText.Excerpt(field)}' is not a number ({layout.Dialect.Describe()})");
                    }
                }

                rows._columns[i].Add(value);
            }
        }

        return rows;
    }

    /// <summary>Whether the column holds times as clocks show them.</summary>
    public bool IsClock(int column) => _clock[column];

    public bool IsEmpty(int column) => _columns[column].TrueForAll(double.IsNaN);

    /// <summary>Whether each value is one above the last.</summary>
    public bool CountsRows(int column) => Steps(column, step => step == 1);

    /// <summary>Whether each value is above the last by much the same, as in a column of times.</summary>
    public bool Climbs(int column)
    {
        List<double> values = _columns[column];
        double mean = values.Count < 3 ? 0 : (values[^1] - values[0]) / (values.Count - 1);
        return mean > 0 && Steps(column, step => step > 0 && step < 3 * mean);
    }

    /// <summary>A column's samples, with those that a gap in time leaves out.</summary>
    public double[] Take(int column)
    {
        List<double> values = _columns[column];
        double[] samples = new double[values.Count + _gaps.Sum(gap => (long)gap.Count)];
        Span<double> to = samples;
        int from = 0;
        foreach ((int row, int count) in _gaps)
        {
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values)[from..row].CopyTo(to);
            to = to[(row - from)..];
            to[..count].Fill(double.NaN);
            to = to[count..];
            from = row;
        }

        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values)[from..].CopyTo(to);
        return samples;
    }

    /// <summary>The rate that a column of times shows, and the gaps in it.</summary>
    /// <returns>Null where its unit cannot be told.</returns>
    public double? TakeRate(string path, TableColumn time, MissingSamplePolicy policy, List<string> notes)
    {
        List<double> values = _columns[time.Index];
        if (values.Count < 3 || values.Exists(double.IsNaN))
        {
            notes.Add($"column {time.Index + 1} '{time.Name}' has holes and was not used as a time");
            return null;
        }

        double[] steps = [.. values.Skip(1).Zip(values, (next, value) => next - value)];
        double[] sorted = [.. steps.Order()];
        double median = sorted[steps.Length / 2];
        double unit = time.UnitSeconds ?? (IsClock(time.Index) ? 1 : TimeColumn.SecondsByStep(median > 0 ? median : (values[^1] - values[0]) / steps.Length) ?? 0);
        if (unit == 0)
        {
            throw new RecordingFormatException(
                RecordingFault.SampleRate,
                path,
                $"column {time.Index + 1} '{time.Name}'",
                FormattableString.Invariant($"steps of {median:G4} are no sample rate in s, ms, µs or ns; name the unit in the header, as in 'time (ms)'"));
        }

        double lost = 0;
        for (int i = 0; i < steps.Length && median > 0; i++)
        {
            if (steps[i] < -median / 2)
            {
                throw Fault(path, _firstLine + i + 1, RecordingFault.Malformed, "", FormattableString.Invariant($"time goes back by {-steps[i] * unit:G4} s"));
            }

            // Times are often rounded; a step of several samples is no rounding.
            if (steps[i] > 2.5 * median)
            {
                lost += AddGap(path, i, steps[i], median, unit, policy);
            }
        }

        if (_gaps.Count > 0)
        {
            notes.Add($"{_gaps.Count} gaps in time, {lost} samples");
        }

        double rate = (steps.Length + lost) / ((values[^1] - values[0]) * unit);
        double whole = Math.Round(rate);
        return Math.Abs(rate - whole) < 1e-5 * rate ? whole : rate;
    }

    private long AddGap(string path, int row, double step, double median, double unit, MissingSamplePolicy policy)
    {
        double count = Math.Round(step / median) - 1;
        if (policy == MissingSamplePolicy.Refuse)
        {
            throw Fault(
                path, _firstLine + row + 1, RecordingFault.SampleValue, "", FormattableString.Invariant($"time jumps by {step * unit:G4} s; --missing keep reads the rest, with the leads off there"));
        }

        if ((count + _columns[0].Count) * _columns.Length > _maxValues)
        {
            throw Fault(path, _firstLine + row + 1, RecordingFault.LimitExceeded, "", FormattableString.Invariant($"a gap of {step * unit:G4} s makes more than {_maxValues} values"));
        }

        _gaps.Add((row + 1, (int)count));
        return (long)count;
    }

    private bool Steps(int column, Func<double, bool> holds)
    {
        List<double> values = _columns[column];
        for (int i = 1; i < values.Count; i++)
        {
            if (!holds(values[i] - values[i - 1]))
            {
                return false;
            }
        }

        return values.Count > 1;
    }

    private static RecordingFormatException Fault(string path, int line, RecordingFault fault, string place, string problem) =>
        new(fault, path, FormattableString.Invariant($"line {line}{place}"), problem);
}
