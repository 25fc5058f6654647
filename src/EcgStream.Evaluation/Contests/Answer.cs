namespace EcgStream.Evaluation.Contests;

/// <summary>One row of a contest's file.</summary>
/// <param name="Id">The beat or the record.</param>
/// <param name="Line">Where it stands.</param>
/// <param name="Labels">A bit per label; at least one.</param>
/// <param name="Probabilities">One per label, where the contest asks for them; else null.</param>
internal sealed record Answer(string Id, int Line, ulong Labels, double[]? Probabilities = null);
