namespace EcgStream.Inference.Cards;

/// <summary>One step over the stream of a session.</summary>
public abstract record StreamStep
{
    private StreamStep() { }

    /// <summary>III, aVR, aVL and aVF are computed from I and II where the device does not send them.</summary>
    public sealed record DeriveLeads : StreamStep;

    /// <summary>A cascade of second-order sections.</summary>
    /// <param name="SampleRateHz">Rate for which the sections are made.</param>
    /// <param name="Sections">Each b0, b1, b2, 1, a1, a2.</param>
    /// <param name="Initial">State before the first sample.</param>
    public sealed record SosFilter(int SampleRateHz, IReadOnlyList<IReadOnlyList<double>> Sections, string Initial) : StreamStep
    {
        /// <summary>As if the first sample had been there for ever.</summary>
        public const string SteadyState = "steady_state_of_first_sample";
    }
}
