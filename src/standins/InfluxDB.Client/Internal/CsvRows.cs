using System.Text;
using InfluxDB.Client.Core.Flux.Exceptions;

namespace InfluxDB.Client.Internal;

/// <summary>Rows of CSV (RFC 4180, line ends of either kind), with bounds on what one row may hold. One reader only.</summary>
internal sealed class CsvRows(TextReader input)
{
    public const int MaximumColumns = 1024;
    public const int MaximumRowCharacters = 1024 * 1024;

    private readonly StringBuilder _value = new();

    /// <summary>The next row, empty where the line is; null at the end. The list is used again for the next row.</summary>
    public List<string>? Read(List<string> row)
    {
        row.Clear();
        var characters = 0;
        for (var next = input.Read(); next >= 0; next = input.Read())
        {
            if (++characters > MaximumRowCharacters)
            {
                throw new FluxCsvParserException($"A row has more than {MaximumRowCharacters} characters");
            }

            switch ((char)next)
            {
                case '"' when _value.Length == 0:
                    characters += ReadQuoted(MaximumRowCharacters - characters);
                    break;
                case ',':
                    End(row);
                    break;
                case '\r' when input.Peek() == '\n':
                    break;
                case '\n':
                    return Finish(row);
                default:
                    _value.Append((char)next);
                    break;
            }
        }

        return row.Count == 0 && _value.Length == 0 ? null : Finish(row);
    }

    private List<string> Finish(List<string> row)
    {
        if (row.Count > 0 || _value.Length > 0)
        {
            End(row);
        }

        return row;
    }

    private void End(List<string> row)
    {
        if (row.Count == MaximumColumns)
        {
            throw new FluxCsvParserException($"A row has more than {MaximumColumns} columns");
        }

        row.Add(_value.ToString());
        _value.Clear();
    }

    private int ReadQuoted(int most)
    {
        for (var count = 1; count <= most; count++)
        {
            var next = input.Read();
            if (next < 0)
            {
                throw new FluxCsvParserException("The answer ends within quotes");
            }

            if (next != '"')
            {
                _value.Append((char)next);
            }
            else if (input.Peek() != '"')
            {
                return count;
            }
            else
            {
                _value.Append('"');
                input.Read();
            }
        }

        throw new FluxCsvParserException($"A row has more than {MaximumRowCharacters} characters");
    }
}
