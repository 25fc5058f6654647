namespace EcgStream.Simulator.Synth;

/// <summary>
/// One Gaussian event of a beat: at the angle where it lies the dipole grows by <see cref="Amplitude"/> and falls again.
/// Angles and widths are held as seconds from the R peak; with the angular velocity 2π/RR of the beat the two are the same thing.
/// </summary>
/// <param name="OffsetSeconds">Centre, from the R peak.</param>
/// <param name="WidthSeconds">Standard deviation.</param>
/// <param name="Amplitude">Dipole at the centre.</param>
internal readonly record struct WaveKernel(double OffsetSeconds, double WidthSeconds, Dipole Amplitude)
{
    /// <summary>Beyond this many widths a kernel is below 1e-5 of its peak and is left out.</summary>
    public const double Reach = 4.8;

    public double StartSeconds => OffsetSeconds - (Reach * WidthSeconds);

    public double EndSeconds => OffsetSeconds + (Reach * WidthSeconds);
}
