namespace EcgStream.Daemon.Ingest;

/// <summary>What a device's entry says of a well-formed chunk.</summary>
internal enum Admission
{
    New,

    /// <summary>Journaled before: acknowledged again, nothing changes.</summary>
    Duplicate,

    /// <summary>Another live connection writes this session.</summary>
    SecondWriter,

    /// <summary>The device has started a newer session since.</summary>
    SessionReplaced,

    /// <summary>Rate or leads are not those of the session.</summary>
    FormatChanged,

    /// <summary>Another chunk came under this number of the session before: a device that begins anew and says that it does not.</summary>
    SequenceReused,
}
