namespace InfluxDB.Client.Api.Domain;

/// <summary>What a server says of its readiness.</summary>
public class Ready(Ready.StatusEnum? status = null, DateTime? started = null, string? up = null)
{
    public StatusEnum? Status { get; } = status;

    public DateTime? Started { get; } = started;

    /// <summary>How long the server has been up, in its own words.</summary>
    public string? Up { get; } = up;

    public enum StatusEnum
    {
        Ready = 1,
    }
}
