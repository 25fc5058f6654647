namespace EcgStream.Core.Signals;

/// <summary>Why a chunk was refused. The numbers are those of <c>ecgstream.v1.RefusalReason</c>: never reuse one.</summary>
public enum RefusalReason
{
    None = 0,

    /// <summary>Not a SampleChunk.</summary>
    Malformed = 1,
    MissingField = 2,

    /// <summary>Over <see cref="ChunkLimits.MaxBytes"/>.</summary>
    TooLarge = 3,
    DeviceId = 4,
    SessionId = 5,
    SampleRate = 6,
    Leads = 7,
    Duration = 8,

    /// <summary>Bytes, leads and samples per lead do not agree.</summary>
    SampleCount = 9,
    Gain = 10,
    Baseline = 11,
    DeviceTime = 12,

    /// <summary>Rate or leads changed within a session.</summary>
    FormatChanged = 13,

    /// <summary>Another connection writes this device's session.</summary>
    SecondWriter = 14,

    /// <summary>The topic names another device.</summary>
    TopicMismatch = 15,

    /// <summary>Queues full: send again later.</summary>
    Overloaded = 16,

    /// <summary>The journal cannot be written.</summary>
    Storage = 17,

    /// <summary>Bits beyond the electrodes there are.</summary>
    Electrodes = 18,
    TooManyDevices = 19,

    /// <summary>Other samples came under this sequence number of the session before.</summary>
    SequenceReused = 20,
}
