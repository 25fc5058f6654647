namespace EcgStream.Core.Signals;

/// <summary>Which leads an electrode's loss takes away. Bits as in the contract: 0 RA, 1 LA, 2 LL, 3 RL, 4 to 9 V1 to V6.</summary>
public static class Electrodes
{
    private const uint Ra = 1;
    private const uint La = 2;
    private const uint Ll = 4;
    private const uint Rl = 8;
    private const uint Limbs = Ra | La | Ll;
    private const uint AllChest = 0x3F0;

    /// <summary>Electrodes that a lead needs. RL is the reference of all; chest leads and augmented leads need all three limbs (Wilson's terminal).</summary>
    public static uint NeededBy(Lead lead) => lead switch
    {
        Lead.I => Ra | La | Rl,
        Lead.II => Ra | Ll | Rl,
        Lead.III => La | Ll | Rl,
        >= Lead.V1 and <= Lead.V6 => Limbs | Rl | (1u << (4 + (lead - Lead.V1))),
        Lead.V => Limbs | Rl | AllChest,
        _ => Limbs | Rl,
    };

    /// <summary>Leads of a list that have lost an electrode, as lead bits. Any loss on a single-lead device loses its lead.</summary>
    public static uint LeadsOff(uint electrodesOff, LeadList leads)
    {
        if (electrodesOff == 0)
        {
            return 0;
        }

        if (leads.Count == 1)
        {
            return leads.Mask;
        }

        var off = 0u;
        for (var index = 0; index < leads.Count; index++)
        {
            off |= (NeededBy(leads[index]) & electrodesOff) != 0 ? leads[index].Bit() : 0;
        }

        return off;
    }
}
