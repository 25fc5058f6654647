namespace EcgStream.Formats.Csv;

/// <summary>A column of times or of row numbers beside the samples.</summary>
internal static class TimeColumn
{
    private static readonly string[] TimeNames =
    [
        "time", "t", "elapsed time", "elapsed", "timestamp", "date", "datetime", "date time", "zeit", "uhrzeit", "zeitstempel", "temps", "heure", "tiempo", "hora", "tempo", "tijd", "tid", "czas",
        "время", "时间", "時間", "时刻", "시간", "seconds", "secs", "sec", "s", "ms", "msec", "milliseconds", "us", "sekunden", "secondes", "segundos", "secondi",
    ];

    private static readonly string[] IndexNames = ["", "sample", "samples", "sample #", "#", "index", "idx", "n", "no", "nr", "row", "sample number", "unnamed: 0", "i#"];

    public static bool IsTime(string name) => TimeNames.Contains(Plain(name));

    public static bool IsIndex(string name) => IndexNames.Contains(name.Trim().ToLowerInvariant());

    /// <summary>Seconds in the unit that a column's name or unit line states; null where it states none.</summary>
    public static double? UnitSeconds(string text)
    {
        string unit = text.Trim().TrimEnd(')', ']');
        int at = unit.LastIndexOfAny(['(', '[', '_', ' ', '/']);
        return unit[(at + 1)..].Trim().ToLowerInvariant() switch
        {
            "s" or "sec" or "secs" or "second" or "seconds" or "sekunden" or "secondes" or "segundos" or "secondi" or "с" or "сек" or "秒" => 1,
            "ms" or "msec" or "millisecond" or "milliseconds" or "мс" or "毫秒" => 1e-3,
            "us" or "µs" or "μs" or "microseconds" => 1e-6,
            "ns" => 1e-9,
            "min" => 60,
            _ => null,
        };
    }

    /// <summary>Rates that a step of the column may mean when it states no unit, in the order of how usual the units are.</summary>
    public static double? SecondsByStep(double step)
    {
        foreach (double unit in (ReadOnlySpan<double>)[1, 1e-3, 1e-6, 1e-9])
        {
            if (step > 0 && 1 / (step * unit) is >= Recording.MinSampleRateHz and <= Recording.MaxSampleRateHz)
            {
                return unit;
            }
        }

        return null;
    }

    private static string Plain(string name)
    {
        string text = name.Trim().ToLowerInvariant();
        int at = text.LastIndexOfAny(['(', '[', '_', '/']);
        return (at > 0 && UnitSeconds(text) is not null ? text[..at] : text).Trim();
    }
}
