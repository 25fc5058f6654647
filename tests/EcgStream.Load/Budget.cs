namespace EcgStream.Load;

/// <summary>A figure beside its limit.</summary>
/// <param name="Binding">Whether the run fails when it is not met; on a shared machine latencies are shown, not judged.</param>
internal sealed record Budget(string What, double Measured, double Limit, string Unit, bool Binding)
{
    public bool Met => Measured <= Limit;
}
