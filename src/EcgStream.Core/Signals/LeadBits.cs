namespace EcgStream.Core.Signals;

/// <summary>Sets of leads as bits.</summary>
public static class LeadBits
{
    /// <summary><c>1 &lt;&lt; (int)lead</c>, the bit of a lead in every lead mask.</summary>
    public static uint Bit(this Lead lead) => 1u << (int)lead;
}
