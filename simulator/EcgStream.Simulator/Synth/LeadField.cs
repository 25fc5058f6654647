using EcgStream.Core.Signals;

namespace EcgStream.Simulator.Synth;

/// <summary>
/// How the dipole and the electrodes' noise appear in each lead. The dipole's part is the inverse of Dower's transform
/// (Dower, Machado, Osborne: "On deriving the electrocardiogram from vectorcardiographic leads", Clin Cardiol 3:87, 1980), which
/// gives I, II and V1 to V6 from Frank's X, Y, Z; III, aVR, aVL and aVF follow from I and II, so Einthoven's and Goldberger's
/// equations hold exactly. A patient's torso differs from the mean one: each chest coefficient varies by some percent.
/// </summary>
internal sealed class LeadField
{
    /// <summary>RA, LA, LL and V1 to V6; the right leg is the reference.</summary>
    public const int ElectrodeCount = 9;

    private static readonly double[][] Dower =
    [
        [0.632, -0.235, 0.059],
        [0.235, 1.066, -0.132],
        [-0.515, 0.157, -0.917],
        [0.044, 0.164, -1.387],
        [0.882, 0.098, -1.277],
        [1.213, 0.127, -0.601],
        [1.125, 0.127, -0.086],
        [0.831, 0.076, 0.230],
    ];

    private readonly double[] _dipole;
    private readonly double[] _electrodes;

    public LeadField(IReadOnlyList<Lead> leads, SynthRandom torso)
    {
        var independent = new double[8][];
        for (var row = 0; row < independent.Length; row++)
        {
            independent[row] = [.. Dower[row].Select(coefficient => coefficient * (1 + torso.Normal(0.05, 2)))];
        }

        _dipole = [.. leads.SelectMany(lead => Combine(lead, independent))];
        var electrodes = new double[8][];
        electrodes[0] = [-1, 1, 0, 0, 0, 0, 0, 0, 0];
        electrodes[1] = [-1, 0, 1, 0, 0, 0, 0, 0, 0];
        for (var chest = 0; chest < 6; chest++)
        {
            // Wilson's central terminal is the mean of the three limbs.
            var row = new double[ElectrodeCount];
            row.AsSpan(0, 3).Fill(-1.0 / 3);
            row[3 + chest] = 1;
            electrodes[2 + chest] = row;
        }

        _electrodes = [.. leads.SelectMany(lead => Combine(lead, electrodes))];
    }

    /// <summary>Millivolts of one lead.</summary>
    public double Project(int lead, in Dipole dipole, ReadOnlySpan<double> electrodes)
    {
        var row = _dipole.AsSpan(lead * 3, 3);
        var sum = (row[0] * dipole.X) + (row[1] * dipole.Y) + (row[2] * dipole.Z);
        var noise = _electrodes.AsSpan(lead * ElectrodeCount, ElectrodeCount);
        for (var i = 0; i < noise.Length; i++)
        {
            sum += noise[i] * electrodes[i];
        }

        return sum;
    }

    private static double[] Combine(Lead lead, double[][] of) => lead switch
    {
        Lead.I => of[0],
        Lead.II or Lead.MLII or Lead.Ecg => of[1],
        Lead.III => Sum(of, -1, 1),
        Lead.AVR => Sum(of, -0.5, -0.5),
        Lead.AVL => Sum(of, 1, -0.5),
        Lead.AVF => Sum(of, -0.5, 1),
        >= Lead.V1 and <= Lead.V6 => of[2 + (lead - Lead.V1)],
        Lead.MCL1 or Lead.V => of[2],
        _ => throw new ArgumentOutOfRangeException(nameof(lead), lead, "Not a lead that can be made"),
    };

    private static double[] Sum(double[][] of, double leadI, double leadII) =>
        [.. of[0].Zip(of[1], (one, two) => (leadI * one) + (leadII * two))];
}
