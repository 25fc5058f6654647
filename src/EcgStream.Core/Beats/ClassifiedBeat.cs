namespace EcgStream.Core.Beats;

/// <summary>A beat and what a model made of it. Beats of one session are classified in the order of their R peaks, each once.</summary>
/// <param name="Beat">As the detector reported it.</param>
/// <param name="Class">The model's choice; <see cref="BeatClass.Q"/> when there is none.</param>
/// <param name="Probability">Of that class, 0 to 1; 0 when no model looked at it.</param>
public readonly record struct ClassifiedBeat(Beat Beat, BeatClass Class, float Probability);
