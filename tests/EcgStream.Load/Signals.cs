using EcgStream.Simulator.Synth;

namespace EcgStream.Load;

/// <summary>A few patients rendered once, so that the generator's own cost per device is a copy.</summary>
internal sealed class Signals
{
    public const int RateHz = 500;
    public const int Leads = 12;

    private const int LoopSeconds = 60;
    private const int Patients = 6;

    private readonly short[][] _patients;

    public Signals()
    {
        RhythmKind[] rhythms = [RhythmKind.Sinus, RhythmKind.Sinus, RhythmKind.AtrialFibrillation, RhythmKind.Sinus, RhythmKind.PrematureVentricular, RhythmKind.Tachycardia];
        _patients = new short[Patients][];
        for (var patient = 0; patient < Patients; patient++)
        {
            _patients[patient] = Render(new SynthSpec { Rhythm = rhythms[patient], Seed = (ulong)patient + 1 });
        }
    }

    /// <summary>Copies samples of a device, lead-major, microvolts; the loop starts somewhere else for each device.</summary>
    public void Read(int device, long position, int samplesPerLead, Span<short> destination)
    {
        var patient = _patients[device % Patients];
        const int Length = LoopSeconds * RateHz;
        var start = (int)((position + (device * 997L)) % Length);
        for (var lead = 0; lead < Leads; lead++)
        {
            var from = patient.AsSpan(lead * Length, Length);
            var to = destination.Slice(lead * samplesPerLead, samplesPerLead);
            var first = Math.Min(samplesPerLead, Length - start);
            from.Slice(start, first).CopyTo(to);
            from[..(samplesPerLead - first)].CopyTo(to[first..]);
        }
    }

    private static short[] Render(SynthSpec spec)
    {
        const int Length = LoopSeconds * RateHz;
        var millivolts = new float[Leads * Length];
        new EcgSynthesizer(spec).Read(millivolts, Length);
        var microvolts = new short[millivolts.Length];
        for (var i = 0; i < millivolts.Length; i++)
        {
            microvolts[i] = (short)Math.Round(Math.Clamp(millivolts[i] * 1000.0, -32767, 32767));
        }

        return microvolts;
    }
}
