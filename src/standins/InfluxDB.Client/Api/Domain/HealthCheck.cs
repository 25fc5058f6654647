namespace InfluxDB.Client.Api.Domain;

/// <summary>What a server says of its health.</summary>
public class HealthCheck(string? name = null, string? message = null, HealthCheck.StatusEnum status = default, string? version = null)
{
    public enum StatusEnum
    {
        Pass = 1,
        Fail = 2,
    }

    public string? Name { get; } = name;

    public string? Message { get; } = message;

    public StatusEnum Status { get; } = status;

    public string? Version { get; } = version;
}
