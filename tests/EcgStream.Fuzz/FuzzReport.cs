namespace EcgStream.Fuzz;

/// <summary>What one target's run came to.</summary>
internal sealed record FuzzReport(
    string Target, long Inputs, long Accepted, double Seconds, long SlowestMicroseconds, long LargestAllocationBytes, long HeapGrowthBytes, IReadOnlyList<string> Findings);
