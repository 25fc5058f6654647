namespace EcgStream.Simulator.Synth;

/// <summary>A beat whose events are under way; used again for a later beat when they have died out.</summary>
internal sealed class ActiveBeat
{
    private readonly WaveKernel[] _kernels = new WaveKernel[Math.Max(HeartMorphology.MaxKernels, VentricularMorphology.MaxKernels)];
    private int _count;
    private double _startSeconds = double.PositiveInfinity;
    private double _rPeakSeconds;

    public Span<WaveKernel> Kernels => _kernels;

    public double EndSeconds { get; private set; } = double.NegativeInfinity;

    public void Start(double rPeakSeconds, int kernels)
    {
        _rPeakSeconds = rPeakSeconds;
        _count = kernels;
        _startSeconds = double.PositiveInfinity;
        EndSeconds = double.NegativeInfinity;
        foreach (ref readonly var kernel in _kernels.AsSpan(0, kernels))
        {
            _startSeconds = Math.Min(_startSeconds, rPeakSeconds + kernel.StartSeconds);
            EndSeconds = Math.Max(EndSeconds, rPeakSeconds + kernel.EndSeconds);
        }
    }

    public bool Covers(double seconds) => seconds >= _startSeconds && seconds <= EndSeconds;

    public Dipole At(double seconds)
    {
        var sum = default(Dipole);
        var sinceR = seconds - _rPeakSeconds;
        foreach (ref readonly var kernel in _kernels.AsSpan(0, _count))
        {
            var distance = (sinceR - kernel.OffsetSeconds) / kernel.WidthSeconds;
            if (distance is > -WaveKernel.Reach and < WaveKernel.Reach)
            {
                sum += Math.Exp(-0.5 * distance * distance) * kernel.Amplitude;
            }
        }

        return sum;
    }
}
