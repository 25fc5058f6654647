using System.Globalization;

namespace EcgStream.Evaluation.Alarms;

/// <summary>The set's file ALARMS: record, type, 1 = true or 0 = false, one alarm a line.</summary>
internal static class AlarmFile
{
    public const string Name = "ALARMS";

    /// <exception cref="InvalidDataException">A line is not what it should be; the message names file, line, value and limit.</exception>
    public static IReadOnlyList<ChallengeAlarm> Read(string path)
    {
        var alarms = new List<ChallengeAlarm>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var fields = line.Split(',', StringSplitOptions.TrimEntries);
            if (fields.Length != 3)
            {
                throw Fault(path, number, $"{fields.Length} fields; record, type and 0 or 1 are 3");
            }

            var type = AlarmTypes.All.Cast<AlarmType?>().FirstOrDefault(known => known!.Value.FileName().Equals(fields[1], StringComparison.OrdinalIgnoreCase))
                ?? throw Fault(path, number, $"type '{fields[1]}'; known are {string.Join(", ", AlarmTypes.All.Select(known => known.FileName()))}");
            if (!int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var truth) || truth > 1)
            {
                throw Fault(path, number, $"truth '{fields[2]}'; it is 0 or 1");
            }

            if (!seen.Add(fields[0]))
            {
                throw Fault(path, number, $"record '{fields[0]}' comes a second time");
            }

            alarms.Add(new ChallengeAlarm(fields[0], type, truth == 1));
        }

        return alarms.Count > 0 ? alarms : throw Fault(path, number, "no alarm in it");
    }

    private static InvalidDataException Fault(string path, int line, string what) => new(FormattableString.Invariant($"{path}, line {line}: {what}"));
}
