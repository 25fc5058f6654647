namespace InfluxDB.Client.Core.Flux.Domain;

/// <summary>A column of a table, as the annotations before it say.</summary>
public class FluxColumn
{
    public int Index { get; set; }

    public string? Label { get; set; }

    /// <summary>string, long, unsignedLong, double, boolean, duration, base64Binary, dateTime:RFC3339 or dateTime:RFC3339Nano.</summary>
    public string? DataType { get; set; }

    /// <summary>Whether the column is part of the group key.</summary>
    public bool Group { get; set; }

    /// <summary>Stands for an empty value.</summary>
    public string? DefaultValue { get; set; }
}
