namespace EcgStream.Simulator.Replay;

/// <summary>Sums over a replay. Chunks: sent = acked + duplicate + refused + lost.</summary>
public sealed class ReplayTotals
{
    public long Records { get; private set; }

    public long Answered { get; private set; }

    public long Unreadable { get; private set; }

    public long Stopped { get; private set; }

    public long Sent { get; private set; }

    public long Acked { get; private set; }

    public long Duplicate { get; private set; }

    public long Refused { get; private set; }

    public long Lost { get; private set; }

    public long Resent { get; private set; }

    public long Windows { get; private set; }

    /// <summary>Records with a label and a prediction.</summary>
    public long Scored { get; private set; }

    public long Correct { get; private set; }

    /// <summary>Records by true label, then by predicted label.</summary>
    public SortedDictionary<string, SortedDictionary<string, long>> Confusion { get; } = new(StringComparer.Ordinal);

    /// <summary>Correct ones of the scored; null when none was.</summary>
    public double? Accuracy => Scored == 0 ? null : (double)Correct / Scored;

    /// <summary>Something was sent, and not all of it was accepted and answered.</summary>
    public bool AnythingLost => Records - Unreadable - Stopped != Answered || Lost > 0 || Refused > 0;

    public void Add(RecordOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        Records++;
        Answered += outcome.Status == RecordStatus.Answered ? 1 : 0;
        Unreadable += outcome.Status == RecordStatus.Unreadable ? 1 : 0;
        Stopped += outcome.Status == RecordStatus.Stopped ? 1 : 0;
        Sent += outcome.Chunks.Sent;
        Acked += outcome.Chunks.Acked;
        Duplicate += outcome.Chunks.Duplicate;
        Refused += outcome.Chunks.Refused;
        Lost += outcome.Status == RecordStatus.Stopped ? 0 : outcome.Chunks.Unanswered;
        Resent += outcome.Chunks.Resent;
        Windows += outcome.Prediction?.Windows ?? 0;
        if (outcome is { Correct: { } correct, Label: { } label, Prediction: { } prediction })
        {
            Scored++;
            Correct += correct ? 1 : 0;
            if (!Confusion.TryGetValue(label, out var row))
            {
                Confusion.Add(label, row = new SortedDictionary<string, long>(StringComparer.Ordinal));
            }

            row[prediction.Label] = row.GetValueOrDefault(prediction.Label) + 1;
        }
    }
}
