namespace EcgStream.Formats.Csv;

/// <summary>Lines of a text of bounded length, so that a file without line ends costs no more than one line.</summary>
internal sealed class LineReader(TextReader reader, string path, int maxCharacters) : IDisposable
{
    private readonly char[] _input = new char[16 * 1024];
    private readonly System.Text.StringBuilder _line = new();
    private int _length;
    private int _position;

    /// <summary>Number of the line that was read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next line without its end; null at the end of the file.</summary>
    public string? Read()
    {
        _line.Clear();
        bool any = false;
        while (Fill())
        {
            any = true;
            ReadOnlySpan<char> rest = _input.AsSpan(_position, _length - _position);
            int end = rest.IndexOfAny('\r', '\n');
            ReadOnlySpan<char> part = end < 0 ? rest : rest[..end];
            if (_line.Length + part.Length > maxCharacters)
            {
                throw new RecordingFormatException(
                    RecordingFault.LimitExceeded, path, $"line {Line + 1}", $"a row of more than {maxCharacters} characters");
            }

            _line.Append(part);
            _position += part.Length;
            if (end >= 0)
            {
                bool isReturn = _input[_position++] == '\r';
                if (isReturn && Fill() && _input[_position] == '\n')
                {
                    _position++;
                }

                break;
            }
        }

        Line += any ? 1 : 0;
        return any ? _line.ToString() : null;
    }

    public void Dispose() => reader.Dispose();

    private bool Fill()
    {
        if (_position == _length)
        {
            _length = reader.Read(_input, 0, _input.Length);
            _position = 0;
        }

        return _length > 0;
    }
}
