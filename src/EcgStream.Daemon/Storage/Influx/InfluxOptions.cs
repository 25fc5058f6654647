using System.ComponentModel.DataAnnotations;

namespace EcgStream.Daemon.Storage.Influx;

/// <summary>Section <c>Storage:Influx</c>. Without <see cref="Url"/> nothing is fed. A value outside its range stops the start.</summary>
public sealed class InfluxOptions
{
    public const string SectionName = "Storage:Influx";

    /// <summary>Server as <c>http://host:8086</c>; empty = no InfluxDB.</summary>
    public string Url { get; set; } = "";

    /// <summary>API token, or <c>user:password</c> for a 1.8 server. Empty = none.</summary>
    public string Token { get; set; } = "";

    /// <summary>Organization; <c>-</c> for a 1.8 server.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Org { get; set; } = "ecgstream";

    /// <summary>Bucket, or <c>database/retention-policy</c> for a 1.8 server.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Bucket { get; set; } = "ecgstream";

    /// <summary>Value of the tag <c>site</c> on every line.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Site { get; set; } = "main";

    /// <summary>Most lines in one request. Default 5,000, what InfluxData recommends.</summary>
    [Range(1, 50_000)]
    public int BatchLines { get; set; } = 5_000;

    /// <summary>How often new rows are looked for. Default 1 s. Longer: fewer, larger requests and a later dashboard.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often <c>ecg_pipeline</c> is written. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PipelineInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Limit of one request. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause after the first failure; it doubles up to <see cref="MaxBackoff"/>. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan MinBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between tries, also where the server asks for a longer one. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMinutes(1);
}
