namespace EcgStream.Simulator.Synth;

/// <summary>
/// A stochastic oscillation around one frequency: a rotating Ornstein-Uhlenbeck process, whose spectrum is a peak of
/// width 1/(π τ). Its value has unit variance. Its steps may differ in length, so it also runs from beat to beat.
/// </summary>
internal struct NarrowbandOscillator
{
    private readonly double _angularVelocity;
    private readonly double _coherenceSeconds;
    private double _real;
    private double _imaginary;

    public NarrowbandOscillator(double frequencyHz, double coherenceSeconds, SynthRandom random)
    {
        _angularVelocity = 2 * Math.PI * frequencyHz;
        _coherenceSeconds = coherenceSeconds;
        _real = random.Normal();
        _imaginary = random.Normal();
    }

    /// <summary>Moves on and gives the new value.</summary>
    public double Step(double seconds, SynthRandom random)
    {
        var decay = Math.Exp(-seconds / _coherenceSeconds);
        var (sin, cos) = Math.SinCos(_angularVelocity * seconds);
        var fresh = Math.Sqrt(1 - (decay * decay));
        var real = (decay * ((cos * _real) - (sin * _imaginary))) + (fresh * random.Normal());
        _imaginary = (decay * ((sin * _real) + (cos * _imaginary))) + (fresh * random.Normal());
        _real = real;
        return real;
    }
}
