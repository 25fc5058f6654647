namespace EcgStream.Simulator.Replay;

/// <summary>Shows a replay while it runs. Members may be called from any thread, one at a time.</summary>
public interface IReplayView
{
    /// <param name="records">How many records there are; null when only reading tells, or with a loop.</param>
    void Begin(int? records);

    void Add(RecordOutcome outcome, ReplayTotals totals);
}
