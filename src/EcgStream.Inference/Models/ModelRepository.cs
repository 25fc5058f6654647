using EcgStream.Core.Batching;
using EcgStream.Core.Signals;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Sessions;

namespace EcgStream.Inference.Models;

/// <summary>
/// A folder of models: NAME/card.json beside NAME/model.onnx, or above the folders of an ensemble's members. All of them are loaded, but for those in the
/// folder <see cref="OptionalFolder"/>, which are loaded where they are named.
/// </summary>
public sealed class ModelRepository
{
    public const string CardFile = "card.json";
    public const string ModelFile = "model.onnx";

    /// <summary>Folder of the models that are loaded only where they are named; no model can have this name.</summary>
    public const string OptionalFolder = "optional";

    private readonly string _folder;
    private readonly OnnxSessionFactory _sessions;

    /// <param name="folder">Folder of the models' folders.</param>
    /// <param name="sessions">Makes the sessions.</param>
    public ModelRepository(string folder, OnnxSessionFactory sessions)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(sessions);
        _folder = folder;
        _sessions = sessions;
    }

    /// <summary>Names of the optional models that are there, in order.</summary>
    public IReadOnlyList<string> OptionalNames => NamesIn(Path.Combine(_folder, OptionalFolder));

    /// <summary>Loads every model there is, checked against its card, every batch size warmed up.</summary>
    /// <param name="sizes">Batch sizes to run.</param>
    /// <param name="streamSections">The daemon's own streaming filter, which every card must repeat.</param>
    /// <param name="optional">Optional models to load as well; null for none.</param>
    /// <returns>In the order of their names; whoever asks disposes of them.</returns>
    /// <exception cref="ModelLoadException">All that is wrong with any of them.</exception>
    public IReadOnlyList<IBatchClassifier> Load(BatchSizes sizes, ReadOnlySpan<SosSection> streamSections, IReadOnlyList<string>? optional = null)
    {
        if (!Directory.Exists(_folder))
        {
            throw new ModelLoadException([new CardError(_folder, "$", "no such folder", "a folder of models, as Inference:ModelsPath says")]);
        }

        var errors = new List<CardError>();
        var names = NamesIn(_folder).Where(name => name != OptionalFolder).ToList();
        var folders = names.Select(name => (Name: name, Folder: Path.Combine(_folder, name))).Concat(Named(optional ?? [], names, errors));
        var loaded = LoadAll([.. folders.OrderBy(model => model.Name, StringComparer.Ordinal).Select(model => model.Folder)], sizes, streamSections.ToArray(), errors);
        return loaded.Count > 0 ? loaded : throw new ModelLoadException(
            [new CardError(_folder, "$", "no model", $"at least one NAME/{CardFile} with NAME/{ModelFile}")]);
    }

    /// <summary>Loads one model, named as one of the folder, as an optional one, or by the path of its own folder.</summary>
    /// <exception cref="ModelLoadException">There is none of this name, or all that is wrong with it.</exception>
    public IBatchClassifier LoadOne(string nameOrFolder, BatchSizes sizes, ReadOnlySpan<SosSection> streamSections)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrFolder);
        string[] places = [Path.Combine(_folder, nameOrFolder), Path.Combine(_folder, OptionalFolder, nameOrFolder), Path.GetFullPath(nameOrFolder)];
        var errors = new List<CardError>();
        if (places.FirstOrDefault(place => File.Exists(Path.Combine(place, CardFile))) is not { } found)
        {
            throw new ModelLoadException([new CardError(nameOrFolder, "$", "no such model", $"{Existing([.. NamesIn(_folder).Where(name => name != OptionalFolder), .. OptionalNames])}, or a folder with a {CardFile}")]);
        }

        return LoadAll([Path.TrimEndingDirectorySeparator(found)], sizes, streamSections.ToArray(), errors).Single();
    }

    private List<IBatchClassifier> LoadAll(IReadOnlyList<string> folders, BatchSizes sizes, SosSection[] streamSections, List<CardError> errors)
    {
        var loader = new ModelLoader(_sessions, sizes, streamSections, errors);
        var loaded = new List<IBatchClassifier>();
        try
        {
            foreach (var folder in folders)
            {
                if (loader.Load(folder) is { } classifier)
                {
                    loaded.Add(classifier);
                }
            }

            return errors.Count == 0 ? loaded : throw new ModelLoadException(errors);
        }
        catch
        {
            loaded.ForEach(classifier => classifier.Dispose());
            throw;
        }
    }

    private IEnumerable<(string Name, string Folder)> Named(IReadOnlyList<string> optional, List<string> names, List<CardError> errors)
    {
        const string Setting = "Inference:OptionalModels";
        var existing = OptionalNames;
        foreach (var name in optional)
        {
            if (!existing.Contains(name, StringComparer.Ordinal))
            {
                errors.Add(new CardError(Setting, "$", $"\"{name}\"", Existing(existing)));
            }
            else if (names.Contains(name, StringComparer.Ordinal))
            {
                errors.Add(new CardError(Setting, "$", $"\"{name}\"", "a name that no other loaded model has"));
            }
            else
            {
                names.Add(name);
                yield return (name, Path.Combine(_folder, OptionalFolder, name));
            }
        }
    }

    private static string Existing(IReadOnlyList<string> names) => names.Count == 0 ? "none, for none is there" : $"one of: {string.Join(", ", names)}";

    private static IReadOnlyList<string> NamesIn(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];
}
