namespace EcgStream.Daemon.Telemetry.Exposition;

/// <summary>Compares the tags of a measurement with those of a series, without allocation. Every instrument here gives its tags in one order.</summary>
internal static class TagSet
{
    public static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = default(HashCode);
        foreach (var (key, value) in tags)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    public static bool Same(ReadOnlySpan<KeyValuePair<string, object?>> tags, KeyValuePair<string, object?>[] known)
    {
        if (tags.Length != known.Length)
        {
            return false;
        }

        for (var i = 0; i < tags.Length; i++)
        {
            if (!string.Equals(tags[i].Key, known[i].Key, StringComparison.Ordinal) || !Equals(tags[i].Value, known[i].Value))
            {
                return false;
            }
        }

        return true;
    }
}
