using System.Collections.Concurrent;
using System.Globalization;
using EcgStream.Core.Windows;
using EcgStream.Evaluation.Beats;
using EcgStream.Formats;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;

namespace EcgStream.Evaluation.Rhythm;

/// <summary>
/// Which model judges a record: the shipped one, or of several that were each trained without a part of the records the one that has not seen it. A worker takes a
/// loaded model and brings it back.
/// </summary>
internal sealed class RhythmModels : IDisposable
{
    public const string Shipped = "rhythm-1lead-af";
    private const string FoldFile = "folds.csv";
    private const int Buffers = 4;

    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, string>? _foldOf;
    private readonly ConcurrentDictionary<string, ConcurrentBag<Loaded>> _idle = new(StringComparer.Ordinal);

    private RhythmModels(string folder, IReadOnlyDictionary<string, string>? foldOf, string name)
    {
        (_folder, _foldOf, Name) = (folder, foldOf, name);
    }

    /// <summary>What judged, for the report.</summary>
    public string Name { get; }

    public bool IsCrossValidated => _foldOf is not null;

    /// <exception cref="ModelLoadException">The model cannot be run as its card says.</exception>
    public static RhythmModels In(string folder)
    {
        using var model = BeatModels.Load(folder, Shipped);
        return new RhythmModels(folder, null, $"{model.Identity.Name} {model.Identity.Version}, which was trained on records of this set");
    }

    /// <param name="folder">Models named fold0, fold1, …, and <c>folds.csv</c>: record, number of the fold that was trained without it.</param>
    /// <exception cref="InvalidDataException">The file of folds is not one.</exception>
    public static RhythmModels Folds(string folder)
    {
        var foldOf = new Dictionary<string, string>(StringComparer.Ordinal);
        var file = Path.Combine(folder, FoldFile);
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            var fields = line.Split(',', StringSplitOptions.TrimEntries);
            if (fields.Length != 2 || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var fold))
            {
                if (number == 1)
                {
                    continue; // a header
                }

                throw new InvalidDataException(FormattableString.Invariant($"{file}, line {number}: '{line}'; it is a record and the number of its fold"));
            }

            foldOf[fields[0]] = FormattableString.Invariant($"fold{fold}");
        }

        return new RhythmModels(folder, foldOf, FormattableString.Invariant($"{foldOf.Values.Distinct().Count()} models, each for the records that it was not trained on (cross-validated)"));
    }

    /// <summary>The model for a record; null when no fold has left it out.</summary>
    public Loaded? Rent(string record)
    {
        var name = _foldOf is null ? Shipped : _foldOf.GetValueOrDefault(record);
        return name is null ? null
            : _idle.GetOrAdd(name, static _ => []).TryTake(out var idle) ? idle
            : new Loaded(name, BeatModels.Load(_folder, name));
    }

    public void Return(Loaded model) => _idle[model.Key].Add(model);

    public void Dispose()
    {
        foreach (var model in _idle.Values.SelectMany(bag => bag))
        {
            model.Dispose();
        }
    }

    /// <summary>A loaded model with the plan that cuts its windows. One thread at a time.</summary>
    internal sealed class Loaded(string key, IBatchClassifier model) : IDisposable
    {
        private readonly int[] _labels = [.. RhythmClasses.All.Select(rhythm => IndexOf(model.Card, rhythm))];

        public string Key => key;

        public IBatchClassifier Model => model;

        public WindowPlan Plan { get; } = new(new WindowOptions(), [new RhythmWindowPool(model.Recipe, Buffers)]);

        /// <summary>Probabilities of a window in the order of <see cref="RhythmClasses.All"/>, and in the order of the card.</summary>
        public float[] Run(RhythmWindow window, Span<double> byClass)
        {
            model.Load(0, window.Input.Span);
            var scores = model.Run(1).ToArray();
            for (var i = 0; i < _labels.Length; i++)
            {
                byClass[i] = scores[_labels[i]];
            }

            return scores;
        }

        public void Dispose() => model.Dispose();

        private static int IndexOf(ModelCard card, RhythmClass rhythm)
        {
            for (var i = 0; i < card.Output.Labels.Count; i++)
            {
                if (card.Output.Labels[i].Name == rhythm.Label())
                {
                    return i;
                }
            }

            throw new ModelLoadException([new CardError(card.Name, "$.output.labels", rhythm.Label(), "a label of this name")]);
        }
    }
}
