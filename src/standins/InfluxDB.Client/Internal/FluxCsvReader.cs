using System.Globalization;
using InfluxDB.Client.Core.Flux.Domain;
using InfluxDB.Client.Core.Flux.Exceptions;

namespace InfluxDB.Client.Internal;

/// <summary>
/// Annotated CSV as a Flux query is answered: blocks of #datatype, #group and #default, a row of labels, then records. One reader only; holds the current
/// table's columns and no more than one record.
/// </summary>
internal sealed class FluxCsvReader(TextReader input)
{
    public const int MaximumColumns = CsvRows.MaximumColumns;

    private readonly CsvRows _rows = new(input);
    private readonly List<string> _row = [];
    private string[] _dataTypes = [];
    private string[] _groups = [];
    private string[] _defaults = [];
    private bool _isHeadOpen;
    private bool _isError;
    private string? _tableKey;
    private int _tables = -1;

    /// <summary>The table of the last record read.</summary>
    public FluxTable? Table { get; private set; }

    /// <summary>The next record, or null at the end.</summary>
    /// <exception cref="FluxCsvParserException">This is not annotated CSV.</exception>
    /// <exception cref="FluxQueryException">The server tells that the query failed.</exception>
    public FluxRecord? Read()
    {
        while (_rows.Read(_row) is { } row)
        {
            if (row.Count <= 1 && (row.Count == 0 || row[0].Length == 0))
            {
                continue;
            }

            if (row[0].StartsWith('#'))
            {
                ReadAnnotation(row);
            }
            else if (_isHeadOpen)
            {
                ReadLabels(row);
            }
            else if (_isError)
            {
                throw Failure(row);
            }
            else if (Table is null)
            {
                // Before any annotation: the server's way to say that the query itself is wrong.
                _isError = row.Count > 1 && row[1] == "error";
                if (!_isError)
                {
                    throw new FluxCsvParserException("A row comes before the annotations; the dialect must ask for datatype, group and default");
                }
            }
            else
            {
                return ReadRecord(row);
            }
        }

        return null;
    }

    private static FluxQueryException Failure(List<string> row) => new(
        row.Count > 1 && row[1].Length > 0 ? row[1] : "unknown query error",
        row.Count > 2 && int.TryParse(row[2], NumberStyles.Integer, CultureInfo.InvariantCulture, out var reference) ? reference : 0);

    private void ReadAnnotation(List<string> row)
    {
        if (!_isHeadOpen)
        {
            (_dataTypes, _groups, _defaults, _isHeadOpen) = ([], [], [], true);
        }

        switch (row[0])
        {
            case "#datatype":
                _dataTypes = [.. row];
                break;
            case "#group":
                _groups = [.. row];
                break;
            case "#default":
                _defaults = [.. row];
                break;
            default:
                throw new FluxCsvParserException($"Annotation '{Short(row[0])}' is not known");
        }
    }

    private void ReadLabels(List<string> row)
    {
        _isHeadOpen = false;
        if (_dataTypes.Length != row.Count || (_groups.Length > 0 && _groups.Length != row.Count) || (_defaults.Length > 0 && _defaults.Length != row.Count))
        {
            throw new FluxCsvParserException($"{row.Count} labels follow {_dataTypes.Length} data types, {_groups.Length} groups and {_defaults.Length} defaults");
        }

        _isError = row.Count > 1 && row[1] == "error";
        _tableKey = null;
        Table = new FluxTable();
        for (var i = 1; i < row.Count; i++)
        {
            Table.Columns.Add(new FluxColumn
            {
                Index = i - 1,
                Label = row[i],
                DataType = _dataTypes[i],
                Group = _groups.Length > 0 && _groups[i] == "true",
                DefaultValue = _defaults.Length > 0 ? _defaults[i] : "",
            });
        }
    }

    private FluxRecord ReadRecord(List<string> row)
    {
        var columns = Table!.Columns;
        if (row.Count != columns.Count + 1)
        {
            throw new FluxCsvParserException($"A record has {row.Count - 1} values, its table {columns.Count} columns");
        }

        var key = columns.FindIndex(column => column.Label == "table") is >= 0 and var at ? row[at + 1] : "";
        if (key != _tableKey)
        {
            // Tables of the same columns follow each other without annotations of their own.
            if (_tableKey is not null)
            {
                var next = new FluxTable();
                next.Columns.AddRange(columns);
                Table = next;
            }

            _tableKey = key;
            _tables++;
        }

        var record = new FluxRecord(_tables);
        foreach (var column in columns)
        {
            var text = row[column.Index + 1];
            var value = Value(column, text.Length > 0 ? text : column.DefaultValue ?? "");
            record.Row.Add(value);
            record.Values[column.Label ?? ""] = value;
        }

        return record;
    }

    private static object? Value(FluxColumn column, string text)
    {
        if (text.Length == 0)
        {
            return column.DataType == "string" ? "" : null;
        }

        var culture = CultureInfo.InvariantCulture;
        switch (column.DataType)
        {
            case "boolean" when bool.TryParse(text, out var flag):
                return flag;
            case "unsignedLong" when ulong.TryParse(text, NumberStyles.None, culture, out var number):
                return number;
            case "long" when long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number):
                return number;
            case "double" when text is "+Inf" or "-Inf":
                return text[0] == '+' ? double.PositiveInfinity : double.NegativeInfinity;
            case "double" when double.TryParse(text, NumberStyles.Float, culture, out var number):
                return number;
            case "dateTime:RFC3339" or "dateTime:RFC3339Nano" when TryTime(text, out var time):
                return time;
            case "base64Binary":
                var bytes = new byte[(text.Length / 4 * 3) + 3];
                return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : throw Refuse(column, text);
            case "boolean" or "unsignedLong" or "long" or "double" or "dateTime:RFC3339" or "dateTime:RFC3339Nano":
                throw Refuse(column, text);
            default:
                return text; // string, duration, and what later servers may add
        }
    }

    // .NET times have ticks of 100 ns; further digits are cut off.
    private static bool TryTime(string text, out DateTimeOffset time)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var end = point < 0 ? -1 : text.AsSpan(point + 1).IndexOfAnyExceptInRange('0', '9');
        if (end > 7)
        {
            text = string.Concat(text.AsSpan(0, point + 8), text.AsSpan(point + 1 + end));
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    private static FluxCsvParserException Refuse(FluxColumn column, string text) =>
        new($"'{Short(text)}' in column '{Short(column.Label ?? "")}' is no {column.DataType}");

    private static string Short(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
