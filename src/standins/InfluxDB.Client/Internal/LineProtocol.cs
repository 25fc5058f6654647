using System.Globalization;
using System.Text;

namespace InfluxDB.Client.Internal;

/// <summary>Escaping and number formats of line protocol.</summary>
internal static class LineProtocol
{
    /// <summary>Appends a measurement (where '=' stands for itself), a tag's name or value, or a field's name.</summary>
    public static void AppendKey(StringBuilder line, string key, bool escapeEquals = true)
    {
        // A backslash stands for itself unless it comes before what can be escaped; at the end it would escape the separator that follows.
        if (key.EndsWith('\\'))
        {
            throw new ArgumentException($"'{key}' ends with a backslash, which line protocol cannot say", nameof(key));
        }

        foreach (var character in key)
        {
            switch (character)
            {
                case '\n':
                    line.Append("\\n");
                    break;
                case '\r':
                    line.Append("\\r");
                    break;
                case '\t':
                    line.Append("\\t");
                    break;
                case ' ' or ',':
                case '=' when escapeEquals:
                    line.Append('\\').Append(character);
                    break;
                default:
                    line.Append(character);
                    break;
            }
        }
    }

    /// <summary>Whether a field's value can be written at all.</summary>
    public static bool HasText(object? value) => value switch
    {
        null => false,
        double number => double.IsFinite(number),
        float number => float.IsFinite(number),
        _ => true,
    };

    public static void AppendValue(StringBuilder line, object value)
    {
        switch (value)
        {
            case float number:
                line.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                line.Append(number.ToString("G17", CultureInfo.InvariantCulture));
                break;
            case uint or ulong or ushort:
                line.Append(((IConvertible)value).ToString(CultureInfo.InvariantCulture)).Append('u');
                break;
            case byte or int or long or sbyte or short:
                line.Append(((IConvertible)value).ToString(CultureInfo.InvariantCulture)).Append('i');
                break;
            case bool flag:
                line.Append(flag ? "true" : "false");
                break;
            case string text:
                AppendText(line, text);
                break;
            case decimal number:
                line.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                AppendText(line, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                break;
        }
    }

    private static void AppendText(StringBuilder line, string text)
    {
        line.Append('"');
        foreach (var character in text)
        {
            if (character is '\\' or '"')
            {
                line.Append('\\');
            }

            line.Append(character);
        }

        line.Append('"');
    }
}
