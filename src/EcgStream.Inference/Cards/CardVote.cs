namespace EcgStream.Inference.Cards;

/// <summary>How an ensemble's members become one row of probabilities.</summary>
public abstract record CardVote
{
    private CardVote() { }

    /// <summary>The mean of the members' probabilities.</summary>
    public sealed record Mean : CardVote;

    /// <summary>
    /// The mean; after temperature and clip, the first label in <paramref name="Order"/> above <paramref name="Threshold"/> makes the row its one-hot. Where none is, the row stays.
    /// </summary>
    /// <param name="Order">Every label's index once.</param>
    /// <param name="Threshold">Compared with &gt;.</param>
    public sealed record Ordered(IReadOnlyList<int> Order, double Threshold) : CardVote;

    /// <summary>A small model over the members' probabilities, those of the first member first.</summary>
    /// <param name="Model">Its file, beside the card; <c>provenance.sha256</c> is of it.</param>
    public sealed record Stack(string Model) : CardVote;
}
