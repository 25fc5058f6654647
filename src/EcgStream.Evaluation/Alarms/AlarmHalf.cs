namespace EcgStream.Evaluation.Alarms;

/// <summary>
/// Which half of the alarms a record is in: the lowest bit of the FNV-1a hash of its name. Every parameter was set on the first half only (and on DS1 and synthetic
/// signals); the second half is reported, never tuned on.
/// </summary>
internal static class AlarmHalf
{
    public const string Tuning = "tuning";
    public const string HeldOut = "heldOut";

    public static bool IsTuning(string record)
    {
        var hash = 2166136261u;
        foreach (var letter in record)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        return ((hash ^ (hash >> 16)) & 1) == 0;
    }
}
