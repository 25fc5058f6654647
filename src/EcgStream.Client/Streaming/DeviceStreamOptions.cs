namespace EcgStream.Client.Streaming;

/// <summary>How a device stream behaves; the defaults suit a device at real time with chunks of 250 ms.</summary>
public sealed record DeviceStreamOptions
{
    /// <summary>Chunks that may be unanswered, 1 to 4096. They are held in memory; 64 of 12 leads and 250 ms are 200 kB and cover a break of 16 s.</summary>
    public int MaxInFlightChunks { get; init; } = 64;

    /// <summary>Pause before the first new connection; it doubles with each further one, and each is shortened at random by up to a half.</summary>
    public TimeSpan FirstReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time without any connection, or with none on which chunks are taken, after which the stream gives up; null = it never does, as a device should.</summary>
    public TimeSpan? GiveUpAfter { get; init; }

    /// <summary>Time without any answer after which <see cref="IDeviceStream.CompleteAsync"/> stops to wait.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Site segment of the MQTT topics.</summary>
    public string Site { get; init; } = "main";

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxInFlightChunks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxInFlightChunks, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FirstReconnectDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReconnectDelay, FirstReconnectDelay);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AnswerTimeout, TimeSpan.Zero);
        ArgumentException.ThrowIfNullOrEmpty(Site);
    }
}
