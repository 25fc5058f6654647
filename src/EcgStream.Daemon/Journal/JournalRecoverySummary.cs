namespace EcgStream.Daemon.Journal;

/// <summary>What was found when the journal was opened.</summary>
/// <param name="Segments">Segment files.</param>
/// <param name="Records">Records in those whose number is known without a search.</param>
/// <param name="TornBytes">Bytes cut off the end: appends that the crash caught before their commit.</param>
/// <param name="CorruptStretches">Damaged places that were passed over.</param>
public readonly record struct JournalRecoverySummary(int Segments, long Records, long TornBytes, int CorruptStretches)
{
    internal JournalRecoverySummary Add(JournalRecoverySummary other) => new(
        Segments + other.Segments, Records + other.Records, TornBytes + other.TornBytes, CorruptStretches + other.CorruptStretches);
}
