using EcgStream.Inference.Cards;

namespace EcgStream.Inference.Models;

/// <summary>Models that cannot be run as their cards say. Stops the start, with all errors of all models.</summary>
public sealed class ModelLoadException(IReadOnlyList<CardError> errors)
    : Exception($"{errors.Count} error(s) in the models:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}")
{
    public IReadOnlyList<CardError> Errors { get; } = errors;
}
