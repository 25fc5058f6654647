namespace InfluxDB.Client.Core.Flux.Domain;

/// <summary>One table of a query's answer.</summary>
public class FluxTable
{
    public List<FluxColumn> Columns { get; } = [];

    public List<FluxRecord> Records { get; } = [];

    public List<FluxColumn> GetGroupKey() => [.. Columns.Where(column => column.Group)];
}
