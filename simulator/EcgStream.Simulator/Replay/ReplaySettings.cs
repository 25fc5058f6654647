using EcgStream.Client.Streaming;
using EcgStream.Formats;

namespace EcgStream.Simulator.Replay;

/// <summary>What a replay is to do.</summary>
public sealed record ReplaySettings
{
    public required string Path { get; init; }

    public required StreamEndpoint To { get; init; }

    /// <summary>Where results are asked for.</summary>
    public required StreamEndpoint Results { get; init; }

    /// <summary>Signal seconds per second; infinite = as fast as the daemon takes it.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Devices that stream at the same time.</summary>
    public int Devices { get; init; } = 4;

    /// <summary>Device ids are this, a dash and a number.</summary>
    public string DevicePrefix { get; init; } = "sim";

    public string Site { get; init; } = "main";

    /// <summary>Starts from the first record again after the last, until cancelled.</summary>
    public bool Loop { get; init; }

    public string? LabelsPath { get; init; }

    public string? ReportPath { get; init; }

    /// <summary>Whose results count; null = chosen after the first record, see <see cref="ModelChoice"/>.</summary>
    public string? Model { get; init; }

    public TimeSpan Chunk { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a record waits for its results after its last answer.</summary>
    public TimeSpan ResultTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the daemon may be out of reach.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What files that do not say it themselves hold.</summary>
    public RecordingDefaults Defaults { get; init; } = RecordingDefaults.Standard;
}
