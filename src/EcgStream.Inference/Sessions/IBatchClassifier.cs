using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Inference.Cards;

namespace EcgStream.Inference.Sessions;

/// <summary>A model that scores several windows at once. One thread.</summary>
public interface IBatchClassifier : IDisposable
{
    ModelCard Card { get; }

    ModelIdentity Identity { get; }

    WindowRecipe Recipe { get; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    string Device { get; }

    int MaxBatch { get; }

    /// <summary>Copies one prepared window into a row of the next run; the window may be reused at once.</summary>
    /// <param name="row">0 to <see cref="MaxBatch"/> - 1.</param>
    /// <param name="input"><see cref="WindowRecipe.InputLength"/> floats, lead-major.</param>
    void Load(int row, ReadOnlySpan<float> input);

    /// <summary>Scores rows 0 to <paramref name="count"/> - 1.</summary>
    /// <returns>Calibrated probabilities, labels of row 0, then of row 1 and so on; overwritten by the next run.</returns>
    ReadOnlySpan<float> Run(int count);
}
