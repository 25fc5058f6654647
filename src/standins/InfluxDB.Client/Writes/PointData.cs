using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Internal;

namespace InfluxDB.Client.Writes;

/// <summary>One point. Immutable: each call gives a changed copy.</summary>
public sealed class PointData : IEquatable<PointData>
{
    public readonly WritePrecision Precision;

    private readonly string _measurement;
    private readonly ImmutableSortedDictionary<string, string> _tags;
    private readonly ImmutableSortedDictionary<string, object?> _fields;
    private readonly BigInteger? _time;

    private PointData(
        string measurement,
        WritePrecision precision,
        BigInteger? time,
        ImmutableSortedDictionary<string, string> tags,
        ImmutableSortedDictionary<string, object?> fields)
    {
        (_measurement, Precision, _time, _tags, _fields) = (measurement, precision, time, tags, fields);
    }

    public static PointData Measurement(string measurementName)
    {
        ArgumentException.ThrowIfNullOrEmpty(measurementName);
        return new PointData(
            measurementName,
            WritePrecision.Ns,
            null,
            ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
            ImmutableSortedDictionary.Create<string, object?>(StringComparer.Ordinal));
    }

    /// <summary>Sets a tag; an empty value takes it away, for line protocol has no empty tags.</summary>
    public PointData Tag(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(_measurement, Precision, _time, string.IsNullOrEmpty(value) ? _tags.Remove(name) : _tags.SetItem(name, value), _fields);
    }

    public PointData Field(string name, byte value) => SetField(name, value);

    public PointData Field(string name, float value) => SetField(name, value);

    public PointData Field(string name, double value) => SetField(name, value);

    public PointData Field(string name, decimal value) => SetField(name, value);

    public PointData Field(string name, long value) => SetField(name, value);

    public PointData Field(string name, ulong value) => SetField(name, value);

    public PointData Field(string name, uint value) => SetField(name, value);

    public PointData Field(string name, string value) => SetField(name, value);

    public PointData Field(string name, bool value) => SetField(name, value);

    public PointData Field(string name, object value) => SetField(name, value);

    public PointData Timestamp(long timestamp, WritePrecision timeUnit) => new(_measurement, timeUnit, timestamp, _tags, _fields);

    /// <param name="timestamp">Since 1970-01-01 UTC.</param>
    /// <param name="timeUnit">Unit in which it is sent; finer parts are cut off.</param>
    public PointData Timestamp(TimeSpan timestamp, WritePrecision timeUnit) => new(_measurement, timeUnit, InUnits(timestamp, timeUnit), _tags, _fields);

    /// <param name="timestamp">Taken as UTC unless it is local.</param>
    /// <param name="timeUnit">Unit in which it is sent.</param>
    public PointData Timestamp(DateTime timestamp, WritePrecision timeUnit) =>
        Timestamp((timestamp.Kind == DateTimeKind.Local ? timestamp.ToUniversalTime() : timestamp) - DateTime.UnixEpoch, timeUnit);

    public PointData Timestamp(DateTimeOffset timestamp, WritePrecision timeUnit) => Timestamp(timestamp.UtcDateTime, timeUnit);

    public bool HasFields() => _fields.Count > 0;

    /// <returns>The line; empty when no field has a value that line protocol can say (null, NaN and infinite ones are left out).</returns>
    public string ToLineProtocol(PointSettings? pointSettings = null)
    {
        var line = new StringBuilder();
        LineProtocol.AppendKey(line, _measurement, escapeEquals: false);
        AppendTags(line, pointSettings);
        if (!AppendFields(line))
        {
            return "";
        }

        if (_time is { } time)
        {
            line.Append(' ').Append(time.ToString(CultureInfo.InvariantCulture));
        }

        return line.ToString();
    }

    public bool Equals(PointData? other) => other is not null
        && _measurement == other._measurement
        && Precision == other.Precision
        && _time == other._time
        && _tags.SequenceEqual(other._tags)
        && _fields.SequenceEqual(other._fields);

    public override bool Equals(object? obj) => Equals(obj as PointData);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(_measurement);
        hash.Add(Precision);
        hash.Add(_time);
        foreach (var tag in _tags)
        {
            hash.Add(tag);
        }

        foreach (var field in _fields)
        {
            hash.Add(field);
        }

        return hash.ToHashCode();
    }

    public static bool operator ==(PointData? left, PointData? right) => Equals(left, right);

    public static bool operator !=(PointData? left, PointData? right) => !Equals(left, right);

    private PointData SetField(string name, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(_measurement, Precision, _time, _tags, _fields.SetItem(name, value));
    }

    private void AppendTags(StringBuilder line, PointSettings? settings)
    {
        IEnumerable<KeyValuePair<string, string>> tags = _tags;
        if (settings is { DefaultTags.Count: > 0 })
        {
            tags = _tags.AddRange(settings.DefaultTags.Where(tag => tag.Value.Length > 0 && !_tags.ContainsKey(tag.Key)));
        }

        foreach (var (name, value) in tags)
        {
            line.Append(',');
            LineProtocol.AppendKey(line, name);
            line.Append('=');
            LineProtocol.AppendKey(line, value);
        }

        line.Append(' ');
    }

    private bool AppendFields(StringBuilder line)
    {
        var any = false;
        foreach (var (name, value) in _fields)
        {
            if (!LineProtocol.HasText(value))
            {
                continue;
            }

            if (any)
            {
                line.Append(',');
            }

            LineProtocol.AppendKey(line, name);
            line.Append('=');
            LineProtocol.AppendValue(line, value!);
            any = true;
        }

        return any;
    }

    private static BigInteger InUnits(TimeSpan time, WritePrecision unit) => unit switch
    {
        WritePrecision.Ns => (BigInteger)time.Ticks * 100,
        WritePrecision.Us => time.Ticks / TimeSpan.TicksPerMicrosecond,
        WritePrecision.Ms => time.Ticks / TimeSpan.TicksPerMillisecond,
        WritePrecision.S => time.Ticks / TimeSpan.TicksPerSecond,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "Not a precision"),
    };
}
