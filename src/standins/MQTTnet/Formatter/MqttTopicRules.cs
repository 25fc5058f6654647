namespace MQTTnet.Formatter;

/// <summary>What a topic name and a topic filter may look like (MQTT 5.0, 4.7 and 4.8.2).</summary>
internal static class MqttTopicRules
{
    public const string SharePrefix = "$share/";

    public static bool IsValidName(ReadOnlySpan<char> topic) => !topic.IsEmpty && topic.IndexOfAny('#', '+', '\0') < 0 && topic.Length <= ushort.MaxValue;

    public static bool IsValidName(ReadOnlySpan<byte> utf8Topic) => !utf8Topic.IsEmpty && utf8Topic.IndexOfAny((byte)'#', (byte)'+') < 0;

    public static bool IsShared(string filter) => filter.StartsWith(SharePrefix, StringComparison.Ordinal);

    public static bool IsValidFilter(string filter)
    {
        if (IsShared(filter))
        {
            return TrySplitShared(filter, out _, out var inner) && IsValidPlainFilter(inner);
        }

        return IsValidPlainFilter(filter);
    }

    /// <summary>Splits "$share/NAME/FILTER"; false where the name is empty or holds a wildcard, or where there is no filter.</summary>
    public static bool TrySplitShared(string filter, out string shareName, out string inner)
    {
        shareName = inner = string.Empty;
        var slash = filter.IndexOf('/', SharePrefix.Length);
        if (slash <= SharePrefix.Length || slash == filter.Length - 1)
        {
            return false;
        }

        shareName = filter[SharePrefix.Length..slash];
        inner = filter[(slash + 1)..];
        return shareName.AsSpan().IndexOfAny('#', '+') < 0;
    }

    /// <summary>Whether a valid filter, without a share prefix, matches a topic name; wildcards in front do not match $-topics (4.7.2).</summary>
    public static bool IsMatch(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        if (topic[0] == '$' && (filter[0] is '#' or '+'))
        {
            return false;
        }

        while (true)
        {
            var filterLevel = NextLevel(ref filter, out var filterEnded);
            if (filterLevel is "#")
            {
                return true;
            }

            var topicLevel = NextLevel(ref topic, out var topicEnded);
            if (filterLevel is not "+" && !filterLevel.SequenceEqual(topicLevel))
            {
                return false;
            }

            if (topicEnded)
            {
                // "a/#" matches "a" too.
                return filterEnded || filter is "#";
            }

            if (filterEnded)
            {
                return false;
            }
        }
    }

    private static ReadOnlySpan<char> NextLevel(ref ReadOnlySpan<char> rest, out bool ended)
    {
        var slash = rest.IndexOf('/');
        ended = slash < 0;
        var level = ended ? rest : rest[..slash];
        rest = ended ? default : rest[(slash + 1)..];
        return level;
    }

    private static bool IsValidPlainFilter(ReadOnlySpan<char> filter)
    {
        if (filter.IsEmpty || filter.Length > ushort.MaxValue)
        {
            return false;
        }

        for (var i = 0; i < filter.Length; i++)
        {
            var opensLevel = i == 0 || filter[i - 1] == '/';
            var closesLevel = i == filter.Length - 1 || filter[i + 1] == '/';
            var ok = filter[i] switch
            {
                '#' => opensLevel && i == filter.Length - 1,
                '+' => opensLevel && closesLevel,
                '\0' => false,
                _ => true,
            };
            if (!ok)
            {
                return false;
            }
        }

        return true;
    }
}
