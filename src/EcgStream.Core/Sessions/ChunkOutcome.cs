namespace EcgStream.Core.Sessions;

/// <summary>What became of a chunk that a session was given.</summary>
public enum ChunkOutcome
{
    None = 0,

    /// <summary>Analysed.</summary>
    Accepted,

    /// <summary>Taken in, waits for an earlier one.</summary>
    Held,

    /// <summary>Taken in before; nothing changed.</summary>
    Duplicate,

    /// <summary>Its place had been given up or its session had ended; not analysed.</summary>
    Late,

    /// <summary>Rate or leads differ from those of the session; refused.</summary>
    FormatChanged,
}
