using System.Globalization;
using System.Text;
using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Writes;

namespace EcgStream.Fuzz.Targets;

/// <summary>Names and values of any characters written as a line and read back as the reference says lines are read: the same point, on one line.</summary>
internal sealed class LineProtocolTarget : FuzzTarget
{
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
        var measurement = parts[0];
        Dictionary<string, string> tags = new(StringComparer.Ordinal);
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        PointData point;
        string line;
        try
        {
            point = PointData.Measurement(measurement);
            for (var i = 1; i < parts.Length; i++)
            {
                var cut = parts[i].IndexOf('=', StringComparison.Ordinal);
                var (name, value) = cut < 0 ? (parts[i], "") : (parts[i][..cut], parts[i][(cut + 1)..]);
                if (i % 2 == 1 && i + 1 < parts.Length)
                {
                    point = point.Tag(name, value);
                    tags.Remove(name);
                    if (value.Length > 0)
                    {
                        tags[name] = value;
                    }
                }
                else
                {
                    point = point.Field(name, value);
                    fields[name] = value;
                }
            }

            line = point.Timestamp(5, WritePrecision.Ns).ToLineProtocol();
        }
        catch (ArgumentException)
        {
            return false; // names that line protocol cannot say are refused
        }

        if (line.Length > 0)
        {
            Check(line, measurement, tags, fields);
        }

        return line.Length > 0;
    }

    private static void Check(string line, string measurement, Dictionary<string, string> tags, Dictionary<string, string> fields)
    {
        var at = 0;
        Same(line, Key(line, ref at, ", "), measurement, ", ");
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
            if (!fields.Any(field => Written(field.Key) == name && field.Value == value))
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

    // Line feeds, carriage returns and tabs cannot be in a name; the official client writes them as two characters.
    private static string Written(string key) =>
        key.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);

    private static void Same(string line, string read, string meant, string escapable)
    {
        if (read != Written(meant))
        {
            throw new FindingException($"'{read}' is read where '{meant}' was meant (escaped: {escapable}) in {line}");
        }
    }

    private static string Key(string line, ref int at, string ends)
    {
        var key = new StringBuilder();
        while (at < line.Length && !ends.Contains(line[at], StringComparison.Ordinal))
        {
            if (line[at] == '\\' && at + 1 < line.Length && (line[at + 1] is ' ' or ',' or '='))
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
