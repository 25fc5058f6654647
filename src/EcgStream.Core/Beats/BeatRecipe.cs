namespace EcgStream.Core.Beats;

/// <summary>What a recipe of single beats says beyond one of rhythm windows.</summary>
/// <param name="Cut">Samples taken.</param>
/// <param name="LeadCount">1 or 2; which leads is chosen per beat, see <see cref="BeatLeads"/>.</param>
/// <param name="Template">
/// Rows of the patient's running template follow the leads' rows, one each, and the beat is shifted by up to <see cref="BeatFrame.Reach"/> frames onto it;
/// only with the cut and the rate of <see cref="BeatFrame"/>.
/// </param>
/// <param name="Features">Numbers that follow the rows, in this order.</param>
public sealed record BeatRecipe(BeatCut Cut, int LeadCount, bool Template, IReadOnlyList<BeatFeature> Features);
