using System.ComponentModel.DataAnnotations;

namespace EcgStream.Daemon.Pipeline;

/// <summary>The shards that run the devices' signal paths.</summary>
public sealed class PipelineOptions
{
    public const string SectionName = "Pipeline";

    /// <summary>Readers that share the devices; 0 = one per processor. More than processors only adds switches.</summary>
    [Range(0, 256)]
    public int Shards { get; set; }

    /// <summary>
    /// Journaled chunks that may wait for one shard. When it is full the devices' next chunks wait unacknowledged; nothing is dropped.
    /// </summary>
    [Range(16, 65_536)]
    public int ShardCapacity { get; set; } = 2048;

    /// <summary>How long a stop waits for the windows that are under way.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(5);
}
