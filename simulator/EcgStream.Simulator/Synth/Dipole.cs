namespace EcgStream.Simulator.Synth;

/// <summary>The heart's dipole in Frank's axes, in millivolts of the vectorcardiogram.</summary>
/// <param name="X">To the patient's left.</param>
/// <param name="Y">To the feet.</param>
/// <param name="Z">To the back.</param>
internal readonly record struct Dipole(double X, double Y, double Z)
{
    public static Dipole operator +(Dipole a, Dipole b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Dipole operator *(double factor, Dipole d) => new(factor * d.X, factor * d.Y, factor * d.Z);

    /// <summary>Turned in the frontal plane (about the front-back axis), then in the transverse plane; radians.</summary>
    public Dipole Turned(double frontal, double transverse)
    {
        var (sinF, cosF) = Math.SinCos(frontal);
        var x = (cosF * X) - (sinF * Y);
        var y = (sinF * X) + (cosF * Y);
        var (sinT, cosT) = Math.SinCos(transverse);
        return new Dipole((cosT * x) - (sinT * Z), y, (sinT * x) + (cosT * Z));
    }
}
