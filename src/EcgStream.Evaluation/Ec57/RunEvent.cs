namespace EcgStream.Evaluation.Ec57;

/// <summary>What an annotation means to the comparison of runs of one kind.</summary>
internal enum RunEvent
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A beat of the run's kind.</summary>
    Member,

    /// <summary>Another beat, or the signal becomes unreadable: a run is over.</summary>
    Breaker,

    /// <summary>An episode (VF or AF) that counts as a longest run begins.</summary>
    EpisodeStart,

    /// <summary>It ends.</summary>
    EpisodeEnd,

    /// <summary>An episode of the other kind begins, which ends one of this kind without a mark.</summary>
    OtherEpisodeStart,
}
