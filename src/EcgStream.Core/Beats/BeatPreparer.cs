using EcgStream.Core.Windows;

namespace EcgStream.Core.Beats;

/// <summary>Applies a beat recipe's steps to what was cut, and appends its features. One per recipe and shard; one thread.</summary>
public sealed class BeatPreparer
{
    private readonly float[] _scratch;
    private readonly WindowStep[] _steps;
    private readonly WindowStep[] _templateSteps;
    private readonly BeatRecipe _beat;

    /// <exception cref="ArgumentException">The steps do not turn the cut into the recipe's output, or a constant is out of range; the message names the model and the limit.</exception>
    public BeatPreparer(WindowRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        Recipe = recipe;
        _beat = recipe.Beat ?? throw new ArgumentException($"Model {recipe.Model} takes windows of a rhythm, not single beats", nameof(recipe));
        _steps = [.. recipe.Steps];
        _templateSteps = _steps.Length > 0 ? _steps[1..] : [];
        if (Problem(recipe, _beat) is { } problem)
        {
            throw new ArgumentException($"Model {recipe.Model}: {problem}", nameof(recipe));
        }

        _scratch = new float[recipe.RowCount * Math.Max(recipe.SourceSamples, recipe.OutputSamples)];
    }

    public WindowRecipe Recipe { get; }

    /// <summary>What is wrong with a recipe of beats; null = nothing.</summary>
    public static string? Problem(WindowRecipe recipe, BeatRecipe beat)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(beat);
        if (beat.LeadCount is not (1 or 2))
        {
            return $"{beat.LeadCount} leads, accepted are 1 and 2";
        }

        if (beat.LeadCount == 1 && beat.Features.Any(feature => feature.NeedsSecondLead()))
        {
            return $"feature {beat.Features.First(feature => feature.NeedsSecondLead()).Name()} needs a second lead";
        }

        if (beat.Template && (beat.Cut != new BeatCut.Fixed(BeatFrame.BeforeSamples, BeatFrame.AfterSamples) || recipe.Steps is not [WindowStep.Decimate { Factor: BeatFrame.Factor, Offset: 0 }, ..]))
        {
            return $"a template is kept from {BeatFrame.BeforeSamples} samples before the R peak to {BeatFrame.AfterSamples} behind it, decimated by {BeatFrame.Factor}";
        }

        var source = beat.Cut switch
        {
            BeatCut.Fixed cut when cut.Before >= 0 && cut.After >= 0 && cut.Before + cut.After > 0 => cut.Before + cut.After,
            BeatCut.RrShare { Share: > 0, MedianOf: >= 1 and <= RrHistory.Capacity, Longest: >= 1 } cut => cut.Longest,
            _ => -1,
        };
        return source != recipe.SourceSamples
            ? $"the cut {beat.Cut} makes {source} samples, the recipe says {recipe.SourceSamples}"
            : StepProblem(recipe, beat.Cut is BeatCut.RrShare);
    }

    /// <summary>Prepares samples that were cut.</summary>
    /// <param name="samples">Samples per lead; at most the recipe's source samples.</param>
    /// <param name="fill">Gives the samples of a lead (0 or 1).</param>
    /// <param name="input">The model's input.</param>
    internal void Prepare(int samples, in CutSource fill, Span<float> input)
    {
        for (var lead = 0; lead < _beat.LeadCount; lead++)
        {
            fill.Copy(lead, _scratch.AsSpan(lead * samples, samples));
        }

        Run(_steps, samples, input);
    }

    /// <summary>Prepares a described beat and its template.</summary>
    internal void PrepareWithTemplate(BeatShapes shapes, int first, int second, Span<float> input)
    {
        for (var lead = 0; lead < _beat.LeadCount; lead++)
        {
            var row = lead == 0 ? first : second;
            shapes.Aligned(row).CopyTo(_scratch.AsSpan(lead * BeatFrame.Length));
            shapes.Template(row).CopyTo(_scratch.AsSpan((_beat.LeadCount + lead) * BeatFrame.Length));
        }

        Run(_templateSteps, BeatFrame.Length, input);
    }

    /// <summary>Appends the features.</summary>
    internal void AppendFeatures(ReadOnlySpan<float> features, Span<float> input)
    {
        var target = input[Recipe.RowsLength..];
        for (var index = 0; index < target.Length; index++)
        {
            target[index] = features[(int)_beat.Features[index]];
        }
    }

    private void Run(ReadOnlySpan<WindowStep> steps, int samples, Span<float> input)
    {
        var rows = Recipe.RowCount;
        var value = 0f;
        foreach (var step in steps)
        {
            var work = _scratch.AsSpan(0, rows * samples);
            switch (step)
            {
                case WindowStep.Decimate decimate:
                    samples = Decimate(work, rows, samples, decimate);
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
                    for (var row = 0; row < rows; row++)
                    {
                        WindowMath.ZScore(work.Slice(row * samples, samples), zscore.Epsilon);
                    }

                    break;
                case WindowStep.MinMax range:
                    for (var row = 0; row < rows; row++)
                    {
                        WindowMath.MinMax(work.Slice(row * samples, samples), range.Low, range.High);
                    }

                    break;
                case WindowStep.Pad pad:
                    value = pad.Value;
                    break;
                default:
                    throw new InvalidOperationException($"Step {step} is not known");
            }
        }

        var kept = Math.Min(samples, Recipe.OutputSamples);
        for (var row = 0; row < rows; row++)
        {
            var target = input.Slice(row * Recipe.OutputSamples, Recipe.OutputSamples);
            _scratch.AsSpan(row * samples, kept).CopyTo(target);
            target[kept..].Fill(value);
        }
    }

    // In place: the place written is never past the place read.
    private static int Decimate(Span<float> work, int rows, int samples, WindowStep.Decimate step)
    {
        var made = 0;
        for (var row = 0; row < rows; row++)
        {
            for (var index = step.Offset; index < samples; index += step.Factor)
            {
                work[made++] = work[(row * samples) + index];
            }
        }

        return made / rows;
    }

    private static string? StepProblem(WindowRecipe recipe, bool mustPad)
    {
        var samples = recipe.SourceSamples;
        for (var index = 0; index < recipe.Steps.Count; index++)
        {
            switch (recipe.Steps[index])
            {
                case WindowStep.Decimate { Factor: >= 1, Offset: >= 0 } decimate when decimate.Offset < samples:
                    samples = (samples - decimate.Offset + decimate.Factor - 1) / decimate.Factor;
                    break;
                case WindowStep.Pad { Samples: >= 1 } pad when index == recipe.Steps.Count - 1 && float.IsFinite(pad.Value):
                    (samples, mustPad) = (pad.Samples, false);
                    break;
                case WindowStep.MinMax { Low: var low, High: var high } when low < high:
                case WindowStep.Scale { Factor: var factor } when float.IsFinite(factor):
                case WindowStep.ZScore { Epsilon: >= 0 and < double.PositiveInfinity }:
                case WindowStep.Clip { Min: var min, Max: var max } when min < max:
                    break;
                default:
                    return $"step {recipe.Steps[index]} is not possible";
            }
        }

        return mustPad ? "a cut by RR intervals ends with the step pad"
            : samples != recipe.OutputSamples ? $"the steps make {samples} samples, the input takes {recipe.OutputSamples}"
            : null;
    }
}
