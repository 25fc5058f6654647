namespace EcgStream.Simulator.Synth;

/// <summary>Keeps all of the truth; for recordings that end.</summary>
public sealed class TruthList : ITruthSink
{
    private readonly List<TruthBeat> _beats = [];
    private readonly List<TruthRhythm> _rhythms = [];

    public IReadOnlyList<TruthBeat> Beats => _beats;

    public IReadOnlyList<TruthRhythm> Rhythms => _rhythms;

    public void Add(TruthBeat beat) => _beats.Add(beat);

    public void Add(TruthRhythm rhythm) => _rhythms.Add(rhythm);
}
