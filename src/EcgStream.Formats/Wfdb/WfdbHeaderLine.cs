namespace EcgStream.Formats.Wfdb;

/// <summary>One line of a header, taken field by field; it knows what to call itself in a refusal.</summary>
internal sealed class WfdbHeaderLine(string path, int number, string text)
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\f', '\v'];

    private readonly string _text = text.Trim(Blanks);
    private int _position;

    public bool IsBlank => _text.Length == 0;

    public bool IsComment => _text.StartsWith('#');

    public string Comment => _text[1..].Trim(Blanks);

    /// <summary>The next field, or null at the end of the line.</summary>
    public string? Next()
    {
        ReadOnlySpan<char> rest = _text.AsSpan(_position).TrimStart(Blanks);
        if (rest.IsEmpty)
        {
            return null;
        }

        int end = rest.IndexOfAny(Blanks);
        ReadOnlySpan<char> field = end < 0 ? rest : rest[..end];
        _position = _text.Length - rest.Length + field.Length;
        return field.ToString();
    }

    /// <summary>All that is left, without white space around; empty at the end.</summary>
    public string Rest()
    {
        string rest = _text[_position..].Trim(Blanks);
        _position = _text.Length;
        return rest;
    }

    public string Require(string place) => Next() ?? throw Fault(RecordingFault.Truncated, place, "is missing");

    public int RequireInt(string place, int minimum, int maximum)
    {
        int value = ToInt(place, Require(place));
        return value >= minimum && value <= maximum
            ? value
            : throw Fault(
                value > maximum ? RecordingFault.LimitExceeded : RecordingFault.Malformed, place, $"{value} is outside {minimum} to {maximum}");
    }

    public int? OptionalInt(string place) => Next() is { } field ? ToInt(place, field) : null;

    public int ToInt(string place, string field) =>
        InvariantNumber.TryInt(field, out int value) ? value : throw NoNumber(place, field);

    public long ToLong(string place, string field, long minimum) =>
        InvariantNumber.TryLong(field, out long value) && value >= minimum ? value : throw NoNumber(place, field);

    public double ToDouble(string place, string field) =>
        InvariantNumber.TryDouble(field, out double value) && double.IsFinite(value) ? value : throw NoNumber(place, field);

    public RecordingFormatException Fault(RecordingFault fault, string place, string problem) =>
        new(fault, path, place.Length == 0 ? $"line {number}" : $"line {number}, {place}", problem);

    private RecordingFormatException NoNumber(string place, string field) =>
        Fault(RecordingFault.Malformed, place, $"'{(field.Length > 40 ? field[..40] : field)}' is not a number that may stand here");
}
