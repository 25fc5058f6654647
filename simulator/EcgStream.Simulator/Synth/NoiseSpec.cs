namespace EcgStream.Simulator.Synth;

/// <summary>Noise at the electrodes, as root mean square in a limb lead.</summary>
/// <param name="BaselineMicrovolts">Baseline wander below 0.5 Hz: breathing and electrode drift.</param>
/// <param name="EmgMicrovolts">Muscle noise above 20 Hz.</param>
/// <param name="MainsMicrovolts">Mains hum.</param>
/// <param name="MainsHz">50 or 60.</param>
public sealed record NoiseSpec(double BaselineMicrovolts, double EmgMicrovolts, double MainsMicrovolts, double MainsHz = 50)
{
    /// <summary>Nothing but the heart.</summary>
    public static NoiseSpec None { get; } = new(0, 0, 0);

    /// <summary>A resting recording with good electrodes.</summary>
    public static NoiseSpec Resting { get; } = new(40, 8, 3);

    /// <summary>A moving patient with poor electrodes.</summary>
    public static NoiseSpec Ambulatory { get; } = new(250, 60, 20);

    /// <exception cref="ArgumentOutOfRangeException">A level is negative or above 5 mV, or the mains frequency is neither 50 nor 60 Hz.</exception>
    public void Validate()
    {
        Check(BaselineMicrovolts, nameof(BaselineMicrovolts));
        Check(EmgMicrovolts, nameof(EmgMicrovolts));
        Check(MainsMicrovolts, nameof(MainsMicrovolts));
        if (MainsHz is not (50 or 60))
        {
            throw new ArgumentOutOfRangeException(nameof(MainsHz), MainsHz, "The mains run at 50 or 60 Hz.");
        }
    }

    private static void Check(double microvolts, string name)
    {
        if (!(microvolts is >= 0 and <= 5000))
        {
            throw new ArgumentOutOfRangeException(name, microvolts, "A noise level is 0 to 5000 microvolts.");
        }
    }
}
