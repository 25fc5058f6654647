namespace EcgStream.Core.Signals;

/// <summary>The limb leads that follow from I and II: III = II − I, aVR = −(I + II)/2, aVL = I − II/2, aVF = II − I/2.</summary>
public static class LeadDerivation
{
    private static readonly Lead[] All = [Lead.III, Lead.AVR, Lead.AVL, Lead.AVF];

    public static ReadOnlySpan<Lead> Derivable => All;

    /// <summary>Weights of I and II in a derived lead.</summary>
    public static (double OfI, double OfII) Weights(Lead lead) => lead switch
    {
        Lead.III => (-1, 1),
        Lead.AVR => (-0.5, -0.5),
        Lead.AVL => (1, -0.5),
        Lead.AVF => (-0.5, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(lead), lead, "Not derived from I and II"),
    };
}
