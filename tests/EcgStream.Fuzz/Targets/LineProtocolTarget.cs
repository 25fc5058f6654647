using System.Globalization;
using System.Text;
using EcgStream.Daemon.Storage.Influx;

namespace EcgStream.Fuzz.Targets;

/// <summary>Names and values of any characters written as a line and read back as the reference says lines are read: the same point, on one line.</summary>
internal sealed class LineProtocolTarget : FuzzTarget
{
    private readonly LineBuilder _lines = new();

    public override string Name => "line-protocol";

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. new[]
        {
            "ecg_vitals|site=main|device=dev-1|heart_rate=61.5", "a b,c|t a=x,y|t\\b=1=2|f\"q=\"te\\xt\"", "é|ключ=ж|日=本", "m|a=\\|b=x\\ y|c=\\\"", "m|a=\t|\r=b|c=\n",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override bool Run(ReadOnlyMemory<byte> input, ref Dice dice)
    {
        // Lone surrogates cannot come from a byte stream, and are not text.
        var parts = Encoding.UTF8.GetString(input.Span).Split('|');
        Dictionary<string, string> tags = new(StringComparer.Ordinal);
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        for (var i = 1; i < parts.Length; i++)
        {
            var cut = parts[i].IndexOf('=', StringComparison.Ordinal);
            var (name, value) = cut < 0 ? (parts[i], "") : (parts[i][..cut], parts[i][(cut + 1)..]);
            (i % 2 == 1 && i + 1 < parts.Length ? tags : fields)[name] = value;
        }

        if (fields.Count == 0)
        {
            return false;
        }

        var builder = _lines.Start(parts[0]);
        foreach (var (name, value) in tags)
        {
            builder.Tag(name, value);
        }

        foreach (var (name, value) in fields)
        {
            builder.Field(name, value);
        }

        Check(builder.End(5), parts[0], tags, fields);
        return true;
    }

    private static void Check(string line, string measurement, Dictionary<string, string> tags, Dictionary<string, string> fields)
    {
        var at = 0;
        Same(line, Key(line, ref at, ", ", escapesEquals: false), measurement);
        while (line[at] == ',')
        {
            at++;
            var name = Key(line, ref at, "=, ");
            at++;
            var value = Key(line, ref at, ", ");
            if (!tags.Any(tag => Written(tag.Key) == name && Written(tag.Value) == value))
            {
                throw new FindingException($"no such tag was meant: {name}={value} in {line}");
            }
        }

        var count = 0;
        do
        {
            at++;
            var name = Key(line, ref at, "=, ");
            at++;
            var value = Quoted(line, ref at);
            if (!fields.Any(field => Written(field.Key) == name && WrittenText(field.Value) == value))
            {
                throw new FindingException($"no such field was meant: {name}={value} in {line}");
            }

            count++;
        }
        while (line[at] == ',');
        if (count != fields.Count || line[at..] != " " + 5.ToString(CultureInfo.InvariantCulture))
        {
            throw new FindingException($"{count} of {fields.Count} fields, then '{line[at..]}' in {line}");
        }
    }

    // What a name cannot hold is written as an underscore: a line break anywhere, a backslash at the end.
    private static string Written(string key)
    {
        key = key.Replace('\n', '_').Replace('\r', '_');
        return key.EndsWith('\\') ? key[..^1] + '_' : key;
    }

    private static string WrittenText(string text) => text.Replace('\n', ' ').Replace('\r', ' ');

    private static void Same(string line, string read, string meant)
    {
        if (read != Written(meant))
        {
            throw new FindingException($"'{read}' is read where '{meant}' was meant in {line}");
        }
    }

    private static string Key(string line, ref int at, string ends, bool escapesEquals = true)
    {
        var key = new StringBuilder();
        while (at < line.Length && !ends.Contains(line[at], StringComparison.Ordinal))
        {
            if (line[at] == '\\' && at + 1 < line.Length && (line[at + 1] is ' ' or ',' || (line[at + 1] == '=' && escapesEquals)))
            {
                at++;
            }

            key.Append(line[at++]);
        }

        return key.ToString();
    }

    private static string Quoted(string line, ref int at)
    {
        var text = new StringBuilder();
        for (at++; line[at] != '"'; at++)
        {
            if (line[at] == '\\' && (line[at + 1] is '"' or '\\'))
            {
                at++;
            }

            text.Append(line[at]);
        }

        at++;
        return text.ToString();
    }
}
