namespace EcgStream.Formats.Csv;

/// <summary>
/// Reads separated text row by row (RFC 4180: quoted fields may hold separators, line ends and doubled quotes). One row is in memory
/// at a time, and no row longer than the limit. Blank lines are passed over. Not for more than one thread.
/// </summary>
public sealed class CsvRowReader : IDisposable
{
    private const int MaxFields = 4096;

    private readonly TextReader _reader;
    private readonly string _path;
    private readonly int _maxRowCharacters;
    private readonly char _separator;
    private readonly char[] _input = new char[16 * 1024];
    private readonly List<(int Start, int Length)> _fields = [];
    private char[] _row = new char[4 * 1024];
    private int _rowLength;
    private int _inputLength;
    private int _inputPosition;
    private int _line;

    /// <summary>Opens a file.</summary>
    /// <exception cref="RecordingFormatException">It cannot be opened.</exception>
    public static CsvRowReader Open(string path, char separator = ',', RecordingLimits? limits = null) =>
        SourceFile.Guard(path, () => CsvText.Open(path, limits ?? RecordingLimits.Standard, separator));

    internal CsvRowReader(TextReader reader, string path, int maxRowCharacters, char separator = ',')
    {
        _reader = reader;
        _path = path;
        _maxRowCharacters = maxRowCharacters;
        _separator = separator;
    }

    /// <summary>Line of the file at which the row starts, from 1.</summary>
    public int Line { get; private set; }

    public int FieldCount => _fields.Count;

    /// <summary>A field of the row, unquoted; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<char> Field(int index) => _row.AsSpan(_fields[index].Start, _fields[index].Length);

    /// <summary>Goes to the next row; false at the end of the file.</summary>
    public bool Read()
    {
        do
        {
            _fields.Clear();
            _rowLength = 0;
            Line = ++_line;
            if (Peek() < 0)
            {
                return false;
            }

            while (ReadField())
            {
            }
        }
        while (_fields is [{ Length: 0 }]);

        return true;
    }

    public RecordingFormatException Fault(RecordingFault fault, string field, string problem) =>
        new(fault, _path, field.Length == 0 ? $"line {Line}" : $"line {Line}, {field}", problem);

    public void Dispose() => _reader.Dispose();

    /// <returns>True when another field follows in the row.</returns>
    private bool ReadField()
    {
        int start = _rowLength;
        if (Peek() == '"')
        {
            Next();
            ReadQuoted();
        }
        else
        {
            while (Peek() is >= 0 and not ('\n' or '\r') and int c && c != _separator)
            {
                if (c == '"')
                {
                    throw Fault(RecordingFault.Malformed, FieldName, "a quote inside a field that does not start with one");
                }

                Append((char)Next());
            }
        }

        int end = Next();
        if (end == '\r' && Peek() == '\n')
        {
            end = Next();
        }

        if (end >= 0 && end != _separator && end is not ('\n' or '\r'))
        {
            throw Fault(RecordingFault.Malformed, FieldName, $"'{(char)end}' after the closing quote");
        }

        if (_fields.Count == MaxFields)
        {
            throw Fault(RecordingFault.LimitExceeded, "", $"a row of more than {MaxFields} fields");
        }

        _fields.Add((start, _rowLength - start));
        return end == _separator;
    }

    private string FieldName => $"field {_fields.Count + 1}";

    private void ReadQuoted()
    {
        while (true)
        {
            int c = Next();
            if (c < 0)
            {
                throw Fault(RecordingFault.Truncated, FieldName, "the file ends inside a quoted field");
            }

            if (c == '"')
            {
                if (Peek() != '"')
                {
                    return;
                }

                Next();
            }
            else if (c == '\n')
            {
                _line++;
            }

            Append((char)c);
        }
    }

    private void Append(char c)
    {
        if (_rowLength >= _maxRowCharacters)
        {
            throw Fault(RecordingFault.LimitExceeded, "", $"a row of more than {_maxRowCharacters} characters");
        }

        if (_rowLength == _row.Length)
        {
            Array.Resize(ref _row, 2 * _row.Length);
        }

        _row[_rowLength++] = c;
    }

    private int Peek()
    {
        if (_inputPosition == _inputLength)
        {
            _inputLength = _reader.Read(_input, 0, _input.Length);
            _inputPosition = 0;
            if (_inputLength == 0)
            {
                return -1;
            }
        }

        return _input[_inputPosition];
    }

    private int Next()
    {
        int c = Peek();
        if (c >= 0)
        {
            _inputPosition++;
        }

        return c;
    }
}
