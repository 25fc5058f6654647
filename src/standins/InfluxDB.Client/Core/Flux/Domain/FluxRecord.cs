using System.Globalization;

namespace InfluxDB.Client.Core.Flux.Domain;

/// <summary>One row. An empty value is null; times keep their nanoseconds as ticks of 100 ns and the text in <see cref="Row"/>.</summary>
public class FluxRecord(int table)
{
    public int Table { get; set; } = table;

    public Dictionary<string, object?> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The values in column order, also where two columns have one label.</summary>
    public List<object?> Row { get; } = [];

    public DateTimeOffset? GetStart() => GetTime("_start");

    public DateTimeOffset? GetStop() => GetTime("_stop");

    public DateTimeOffset? GetTime() => GetTime("_time");

    public DateTime? GetTimeInDateTime() => GetTime()?.UtcDateTime;

    public object? GetValue() => GetValueByKey("_value");

    public string? GetField() => GetValueByKey("_field") as string;

    public string? GetMeasurement() => GetValueByKey("_measurement") as string;

    public object? GetValueByIndex(int index) => Row[index];

    public object? GetValueByKey(string key) => Values.GetValueOrDefault(key);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"FluxRecord[table={Table}, values={Values.Count}]");

    private DateTimeOffset? GetTime(string key) => GetValueByKey(key) is DateTimeOffset time ? time : null;
}
