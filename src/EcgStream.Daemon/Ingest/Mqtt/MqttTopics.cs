namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>The topics <c>ecg/v1/{site}/{device}/{kind}</c>.</summary>
public static class MqttTopics
{
    public const string AllSamples = "ecg/v1/+/+/samples";

    private const string Prefix = "ecg/v1/";
    private const string SamplesSuffix = "/samples";

    /// <summary>Splits a samples topic; false for every other topic.</summary>
    public static bool TryParseSamples(string topic, out ReadOnlyMemory<char> site, out ReadOnlyMemory<char> device)
    {
        site = device = default;
        if (!topic.StartsWith(Prefix, StringComparison.Ordinal) || !topic.EndsWith(SamplesSuffix, StringComparison.Ordinal)
            || topic.Length <= Prefix.Length + SamplesSuffix.Length)
        {
            return false;
        }

        var middle = topic.AsMemory(Prefix.Length, topic.Length - Prefix.Length - SamplesSuffix.Length);
        var slash = middle.Span.IndexOf('/');
        if (slash <= 0 || slash == middle.Length - 1 || middle.Span[(slash + 1)..].Contains('/'))
        {
            return false;
        }

        site = middle[..slash];
        device = middle[(slash + 1)..];
        return true;
    }

    /// <summary>Where a device learns that a chunk of its was refused.</summary>
    public static string Refusals(ReadOnlyMemory<char> site, ReadOnlyMemory<char> device) => $"{Prefix}{site}/{device}/refusals";

    /// <summary>Where the alarms of a device are published.</summary>
    public static string Alarms(string site, string device) => $"{Prefix}{site}/{device}/alarms";
}
