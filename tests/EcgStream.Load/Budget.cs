using EcgStream.Benchmarks;

namespace EcgStream.Load;

/// <summary>A figure beside its limit in budgets.json.</summary>
/// <param name="Binding">Whether the run fails when it is not met.</param>
internal sealed record Budget(string What, double Measured, double Limit, string Unit, bool Binding)
{
    /// <summary>A figure that could not be measured is not within its limit.</summary>
    public bool Met => Measured <= Limit;

    public static Budget Of(string what, double measured, string name, string unit, bool binding = true) =>
        new(what, measured, Budgets.Of(name), unit, binding);
}
