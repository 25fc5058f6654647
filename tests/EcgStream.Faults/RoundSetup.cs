namespace EcgStream.Faults;

/// <summary>What stands around the daemon in a round.</summary>
[Flags]
internal enum RoundSetup
{
    /// <summary>The embedded broker, half of the devices on it and half on gRPC.</summary>
    Plain = 0,

    /// <summary>InfluxDB behind it.</summary>
    Influx = 1,

    /// <summary>mosquitto between devices and daemon; all devices publish to it.</summary>
    Mosquitto = 2,

    /// <summary>Devices in a network namespace.</summary>
    Network = 4,

    /// <summary>The data directory on a tmpfs that can be filled.</summary>
    SmallDisk = 8,

    /// <summary>A third rhythm model, which throws on every real window.</summary>
    ThrowingModel = 16,
}
