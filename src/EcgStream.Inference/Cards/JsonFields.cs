using System.Globalization;
using System.Text.Json;

namespace EcgStream.Inference.Cards;

/// <summary>
/// One JSON object read strictly: every field must be there and be known. Errors are collected and the reading goes on with a harmless value;
/// what was read counts only if no error was collected.
/// </summary>
internal sealed class JsonFields
{
    private readonly CardErrors _errors;
    private readonly JsonElement _element;
    private readonly HashSet<string> _known = [];

    public JsonFields(CardErrors errors, JsonElement element, string path)
    {
        _errors = errors;
        Path = path;
        _element = element;
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            errors.Add(path, element.GetRawText(), "an object");
        }
    }

    public string Path { get; }

    public string PathOf(string name) => $"{Path}.{name}";

    /// <summary>Whether an optional field stands there; asking makes it known.</summary>
    public bool Has(string name)
    {
        _known.Add(name);
        return _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out _);
    }

    public bool IsNull(string name) => _element.TryGetProperty(name, out var element) && element.ValueKind == JsonValueKind.Null;

    public string Text(string name, int longest = 200) => TextOf(Take(name), PathOf(name), longest);

    public string? TextOrNull(string name, int longest = 200) =>
        Take(name) is { ValueKind: not JsonValueKind.Null } element ? TextOf(element, PathOf(name), longest) : null;

    public string Choice(string name, params string[] allowed)
    {
        var text = Text(name);
        if (text.Length > 0 && !allowed.Contains(text, StringComparer.Ordinal))
        {
            _errors.Add(PathOf(name), $"\"{text}\"", string.Join(" | ", allowed));
        }

        return text;
    }

    public bool Flag(string name)
    {
        var element = Take(name);
        if (element is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } other)
        {
            _errors.Add(PathOf(name), other.GetRawText(), "true or false");
        }

        return element is { ValueKind: JsonValueKind.True };
    }

    public double Number(string name, double min, double max) => NumberOf(Take(name), PathOf(name), min, max);

    public long Whole(string name, long min, long max)
    {
        if (Take(name) is not { } element)
        {
            return min;
        }

        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) && value >= min && value <= max)
        {
            return value;
        }

        _errors.Add(PathOf(name), element.GetRawText(), string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));
        return min;
    }

    /// <summary>Two rising numbers within the bounds, or null.</summary>
    public (double Low, double High)? RangeOrNull(string name, double min, double max)
    {
        if (Take(name) is not { ValueKind: not JsonValueKind.Null } element)
        {
            return null;
        }

        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() != 2)
        {
            _errors.Add(PathOf(name), element.GetRawText(), "null or [low, high]");
            return null;
        }

        var low = NumberOf(element[0], PathOf(name) + "[0]", min, max);
        var high = NumberOf(element[1], PathOf(name) + "[1]", min, max);
        if (low > high)
        {
            _errors.Add(PathOf(name), element.GetRawText(), "low not above high");
        }

        return (low, high);
    }

    public JsonFields Object(string name) => Take(name) is { } element ? new JsonFields(_errors, element, PathOf(name)) : Missing(name);

    public List<T> List<T>(string name, int atLeast, int atMost, Func<JsonElement, string, T> read)
    {
        var items = new List<T>();
        if (Take(name) is not { } element)
        {
            return items;
        }

        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() < atLeast || element.GetArrayLength() > atMost)
        {
            _errors.Add(PathOf(name), element.GetRawText(), string.Create(CultureInfo.InvariantCulture, $"a list of {atLeast} to {atMost}"));
            return items;
        }

        foreach (var item in element.EnumerateArray())
        {
            items.Add(read(item, $"{PathOf(name)}[{items.Count}]"));
        }

        return items;
    }

    /// <summary>An object of numbers by name.</summary>
    public Dictionary<string, double> Numbers(string name, double min, double max)
    {
        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        if (Take(name) is not { } element)
        {
            return numbers;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            _errors.Add(PathOf(name), element.GetRawText(), "an object of numbers by name");
            return numbers;
        }

        foreach (var property in element.EnumerateObject())
        {
            numbers[property.Name] = NumberOf(property.Value, $"{PathOf(name)}.{property.Name}", min, max);
        }

        return numbers;
    }

    public List<string> Texts(string name, int atLeast, int atMost) => List(name, atLeast, atMost, (item, path) => TextOf(item, path, 400));

    public double NumberOf(JsonElement? element, string path, double min, double max)
    {
        if (element is not { } present)
        {
            return min;
        }

        if (present.ValueKind == JsonValueKind.Number && present.TryGetDouble(out var value) && value >= min && value <= max)
        {
            return value;
        }

        _errors.Add(path, present.GetRawText(), string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"));
        return min;
    }

    public void Refuse(JsonElement element, string path, string limit) => _errors.Add(path, element.GetRawText(), limit);

    /// <summary>To be called last: refuses what was not asked for.</summary>
    public void NothingElse()
    {
        if (_element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in _element.EnumerateObject())
        {
            if (!_known.Contains(property.Name))
            {
                _errors.Add(PathOf(property.Name), property.Value.GetRawText(), $"no field of this name ({string.Join(", ", _known)})");
            }
        }
    }

    private string TextOf(JsonElement? element, string path, int longest)
    {
        if (element is not { } present)
        {
            return "";
        }

        if (present.ValueKind == JsonValueKind.String && present.GetString() is { Length: > 0 } text && text.Length <= longest)
        {
            return text;
        }

        _errors.Add(path, present.GetRawText(), $"a text of 1 to {longest} characters");
        return "";
    }

    private JsonElement? Take(string name)
    {
        _known.Add(name);
        if (_element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (_element.TryGetProperty(name, out var element))
        {
            return element;
        }

        _errors.Add(PathOf(name), "missing", "the field, even where it is null");
        return null;
    }

    // The missing object is one error; its fields are not told as missing again.
    private JsonFields Missing(string name) => new(new CardErrors(_errors.File), default(JsonElement), PathOf(name));
}
