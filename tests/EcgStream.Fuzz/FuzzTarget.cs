namespace EcgStream.Fuzz;

/// <summary>
/// One decoder. Each instance is one thread's. <see cref="Run"/> must return, whatever the input; an exception, or a property that it finds broken
/// (<see cref="FindingException"/>), is a finding.
/// </summary>
internal abstract class FuzzTarget
{
    public abstract string Name { get; }

    /// <summary>How many inputs of the cheapest target one of this takes the time of.</summary>
    public virtual int Cost => 1;

    /// <summary>Well-formed input to begin from.</summary>
    public abstract IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>What must be done before the first input and is not measured, such as starting a server.</summary>
    public virtual void Prepare()
    {
    }

    /// <returns>Whether the input was taken as well-formed, for the report.</returns>
    public abstract bool Run(ReadOnlyMemory<byte> input, ref Dice dice);
}
