using EcgStream.Core.Signals;

namespace EcgStream.Core.Windows;

/// <summary>
/// Cuts a window out of the rings and applies a recipe's steps, in the recipe's order: means and deviations in float64, results in float32, as
/// the training code does. One per recipe and shard (it may hold a scratch buffer); one thread.
/// </summary>
public sealed class WindowPreparer
{
    private readonly float[]? _scratch;
    private readonly WindowStep[] _steps;
    private readonly int _firstFactor = 1;
    private readonly int _firstOffset;

    /// <exception cref="ArgumentException">The steps do not turn the recipe's source length into its output length, or a constant is out of range.</exception>
    public WindowPreparer(WindowRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (recipe.Beat is not null)
        {
            throw new ArgumentException($"Model {recipe.Model} takes single beats, not windows of a rhythm", nameof(recipe));
        }

        Recipe = recipe;
        var samples = recipe.SourceSamples;
        if (samples < 1)
        {
            throw new ArgumentException($"Model {recipe.Model}: window of {samples} samples, accepted is 1 or more", nameof(recipe));
        }

        foreach (var step in recipe.Steps)
        {
            Check(recipe.Model, step, samples);
            samples = step is WindowStep.Decimate decimate ? Kept(samples, decimate) : samples;
        }

        if (samples != recipe.OutputSamples)
        {
            throw new ArgumentException($"Model {recipe.Model}: the steps make {samples} samples of {recipe.SourceSamples}, the input takes {recipe.OutputSamples}", nameof(recipe));
        }

        _steps = [.. recipe.Steps];
        if (_steps is [WindowStep.Decimate first, ..])
        {
            (_firstFactor, _firstOffset) = (first.Factor, first.Offset);
            _steps = _steps[1..];
        }

        // Only a recipe that decimates late needs more room on the way than at the end.
        _scratch = _steps.Any(step => step is WindowStep.Decimate { Factor: > 1 } or WindowStep.Decimate { Offset: > 0 })
            ? new float[recipe.LeadCount * recipe.SourceSamples]
            : null;
    }

    public WindowRecipe Recipe { get; }

    /// <summary>Fills a model's input from the newest samples of the rings.</summary>
    /// <param name="rings">Hold at least the recipe's source samples.</param>
    /// <param name="rows">Row of the rings for each of the recipe's leads.</param>
    /// <param name="input">Gets <see cref="WindowRecipe.InputLength"/> floats, lead-major.</param>
    public void Prepare(SampleRings rings, ReadOnlySpan<int> rows, Span<float> input)
    {
        ArgumentNullException.ThrowIfNull(rings);
        var samples = _firstFactor == 1 && _firstOffset == 0 ? Recipe.SourceSamples : Kept(Recipe.SourceSamples, _firstFactor, _firstOffset);
        var work = (_scratch is null ? input : _scratch)[..(Recipe.LeadCount * samples)];
        for (var lead = 0; lead < rows.Length; lead++)
        {
            rings.Last(rows[lead], Recipe.SourceSamples, out var older, out var newer);
            Cut(older, newer, work.Slice(lead * samples, samples));
        }

        foreach (var step in _steps)
        {
            switch (step)
            {
                case WindowStep.Decimate decimate:
                    work = Decimate(work, samples, decimate);
                    samples = work.Length / Recipe.LeadCount;
                    break;
                case WindowStep.Scale scale:
                    WindowMath.Scale(work, scale.Factor);
                    break;
                case WindowStep.Clip clip:
                    WindowMath.Clip(work, clip.Min, clip.Max);
                    break;
                case WindowStep.ZScore { Axis: ZScoreAxis.Record } zscore:
                    WindowMath.ZScore(work, zscore.Epsilon);
                    break;
                case WindowStep.ZScore zscore:
                    for (var lead = 0; lead < Recipe.LeadCount; lead++)
                    {
                        WindowMath.ZScore(work.Slice(lead * samples, samples), zscore.Epsilon);
                    }

                    break;
                default:
                    throw new InvalidOperationException($"Step {step} is not known");
            }
        }

        if (_scratch is not null)
        {
            work.CopyTo(input);
        }
    }

    private void Cut(ReadOnlySpan<float> older, ReadOnlySpan<float> newer, Span<float> target)
    {
        if (_firstFactor == 1 && _firstOffset == 0)
        {
            older.CopyTo(target);
            newer.CopyTo(target[older.Length..]);
            return;
        }

        var made = 0;
        var source = _firstOffset;
        for (; source < older.Length; source += _firstFactor)
        {
            target[made++] = older[source];
        }

        for (source -= older.Length; source < newer.Length; source += _firstFactor)
        {
            target[made++] = newer[source];
        }
    }

    // In place: the place written is never past the place read.
    private Span<float> Decimate(Span<float> work, int samples, WindowStep.Decimate step)
    {
        var made = 0;
        for (var lead = 0; lead < Recipe.LeadCount; lead++)
        {
            var source = work.Slice(lead * samples, samples);
            for (var index = step.Offset; index < samples; index += step.Factor)
            {
                work[made++] = source[index];
            }
        }

        return work[..made];
    }

    private static int Kept(int samples, WindowStep.Decimate step) => Kept(samples, step.Factor, step.Offset);

    private static int Kept(int samples, int factor, int offset) => (samples - offset + factor - 1) / factor;

    private static void Check(string model, WindowStep step, int samples)
    {
        var problem = step switch
        {
            WindowStep.Decimate decimate when decimate.Factor < 1 || decimate.Offset < 0 || decimate.Offset >= samples => "factor from 1 and an offset within the window",
            WindowStep.Scale scale when !float.IsFinite(scale.Factor) => "a finite factor",
            WindowStep.ZScore zscore when !(double.IsFinite(zscore.Epsilon) && zscore.Epsilon >= 0) => "a finite epsilon, 0 or more",
            WindowStep.MinMax or WindowStep.Pad => "a step of rhythm windows",
            WindowStep.Clip clip when !(clip.Min < clip.Max) => "a lower bound under the upper bound",
            _ => null,
        };
        if (problem is not null)
        {
            throw new ArgumentException($"Model {model}: step {step} is not possible, accepted is {problem}", nameof(step));
        }
    }
}
