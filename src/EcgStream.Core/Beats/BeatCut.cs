namespace EcgStream.Core.Beats;

/// <summary>Which samples around an R peak a model takes; 500 Hz, counted from the R peak.</summary>
public abstract record BeatCut
{
    private BeatCut() { }

    /// <summary>Samples from the R peak that must have come before the window can be cut, at most.</summary>
    public abstract int MostAfter { get; }

    /// <summary>From <paramref name="Before"/> samples before the R peak to <paramref name="After"/> behind it.</summary>
    public sealed record Fixed(int Before, int After) : BeatCut
    {
        public override int MostAfter => After;
    }

    /// <summary>
    /// From the R peak on for a share of the median of the last RR intervals, the one before the beat included: the format of the Tianchi heartbeat contest.
    /// A beat before which there is no RR interval is not cut.
    /// </summary>
    /// <param name="Share">Of the median RR interval.</param>
    /// <param name="MedianOf">RR intervals looked at, at most.</param>
    /// <param name="Longest">Samples at most.</param>
    public sealed record RrShare(double Share, int MedianOf, int Longest) : BeatCut
    {
        public override int MostAfter => Longest;

        /// <summary>Samples of a beat with this median RR interval, half to even.</summary>
        public int Samples(double medianRrSamples) => (int)Math.Min(Longest, Math.Round(Share * medianRrSamples));
    }
}
