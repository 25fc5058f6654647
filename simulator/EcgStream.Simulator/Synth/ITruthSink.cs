namespace EcgStream.Simulator.Synth;

/// <summary>Takes the ground truth as it is made: in order of the samples of each kind, before or with the samples themselves.</summary>
public interface ITruthSink
{
    void Add(TruthBeat beat);

    void Add(TruthRhythm rhythm);
}
