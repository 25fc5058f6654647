using System.Globalization;

namespace EcgStream.StandIns.Tests.Influx;

/// <summary>
/// Reads a line as the line protocol reference says it is read, character by character, so that what is written can be told to mean what was meant.
/// </summary>
internal sealed class LineReader(string line)
{
    private int _at;

    public string Measurement { get; private set; } = "";

    public Dictionary<string, string> Tags { get; } = [];

    public Dictionary<string, object> Fields { get; } = [];

    public long? Time { get; private set; }

    public static LineReader Read(string line)
    {
        var reader = new LineReader(line);
        reader.ReadAll();
        return reader;
    }

    private void ReadAll()
    {
        Assert.DoesNotContain('\n', line.Split('"')[0]);
        Measurement = Key(", ", escapable: ", ");
        while (Next() == ',')
        {
            _at++;
            var name = Key("=", escapable: ",= ");
            _at++;
            Assert.True(Tags.TryAdd(name, Key(", ", escapable: ",= ")));
        }

        do
        {
            Assert.Contains(Next(), " ,");
            _at++;
            var name = Key("=", escapable: ",= ");
            _at++;
            Assert.True(Fields.TryAdd(name, Value()));
        }
        while (Next() == ',');
        if (_at < line.Length)
        {
            Assert.Equal(' ', Next());
            Time = long.Parse(line[(_at + 1)..], CultureInfo.InvariantCulture);
        }
    }

    private char Next() => _at < line.Length ? line[_at] : '\0';

    private string Key(string ends, string escapable)
    {
        var text = "";
        while (_at < line.Length && !ends.Contains(line[_at], StringComparison.Ordinal))
        {
            if (line[_at] == '\\' && _at + 1 < line.Length && escapable.Contains(line[_at + 1], StringComparison.Ordinal))
            {
                _at++;
            }

            text += line[_at++];
        }

        Assert.NotEmpty(text);
        return text;
    }

    private object Value()
    {
        if (Next() == '"')
        {
            var text = "";
            for (_at++; Next() != '"'; _at++)
            {
                if (Next() == '\\' && line[_at + 1] is '\\' or '"')
                {
                    _at++;
                }

                text += line[_at];
            }

            _at++;
            return text;
        }

        var start = _at;
        while (_at < line.Length && line[_at] is not (',' or ' '))
        {
            _at++;
        }

        var token = line[start.._at];
        return token switch
        {
            "true" or "false" => token == "true",
            [.. var digits, 'i'] => long.Parse(digits, CultureInfo.InvariantCulture),
            [.. var digits, 'u'] => ulong.Parse(digits, CultureInfo.InvariantCulture),
            _ => double.Parse(token, CultureInfo.InvariantCulture),
        };
    }
}
