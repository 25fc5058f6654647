using System.Security.Cryptography;
using EcgStream.Core.Batching;
using EcgStream.Core.Signals;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Sessions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EcgStream.Inference.Models;

/// <summary>A folder of models: NAME/card.json beside NAME/model.onnx.</summary>
public sealed class ModelRepository
{
    public const string CardFile = "card.json";
    public const string ModelFile = "model.onnx";

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

    /// <summary>Loads every model there is, checked against its card, every batch size warmed up.</summary>
    /// <param name="sizes">Batch sizes to run.</param>
    /// <param name="streamSections">The daemon's own streaming filter, which every card must repeat.</param>
    /// <returns>In the order of their names; whoever asks disposes of them.</returns>
    /// <exception cref="ModelLoadException">All that is wrong with any of them.</exception>
    public IReadOnlyList<OnnxClassifier> Load(BatchSizes sizes, ReadOnlySpan<SosSection> streamSections)
    {
        if (!Directory.Exists(_folder))
        {
            throw new ModelLoadException([new CardError(_folder, "$", "no such folder", "a folder of models, as Inference:ModelsPath says")]);
        }

        var errors = new List<CardError>();
        var loaded = new List<OnnxClassifier>();
        try
        {
            foreach (var folder in Directory.GetDirectories(_folder).Order(StringComparer.Ordinal))
            {
                if (LoadOne(folder, sizes, streamSections, errors) is { } classifier)
                {
                    loaded.Add(classifier);
                }
            }

            if (loaded.Count == 0 && errors.Count == 0)
            {
                errors.Add(new CardError(_folder, "$", "no model", $"at least one NAME/{CardFile} with NAME/{ModelFile}"));
            }

            if (errors.Count > 0)
            {
                throw new ModelLoadException(errors);
            }

            return loaded;
        }
        catch
        {
            loaded.ForEach(classifier => classifier.Dispose());
            throw;
        }
    }

    private OnnxClassifier? LoadOne(string folder, BatchSizes sizes, ReadOnlySpan<SosSection> streamSections, List<CardError> errors)
    {
        var name = Path.GetFileName(folder);
        var cardName = $"{name}/{CardFile}";
        if (Read(folder, CardFile, errors) is not { } json || Read(folder, ModelFile, errors) is not { } model)
        {
            return null;
        }

        var card = ModelCardReader.Read(json, cardName, out var unread);
        errors.AddRange(unread);
        if (card is null)
        {
            return null;
        }

        var before = errors.Count;
        errors.AddRange(ModelCardValidator.ValidateCard(card, cardName, name, streamSections));
        var hash = Convert.ToHexStringLower(SHA256.HashData(model));
        if (hash != card.Provenance.Sha256)
        {
            errors.Add(new CardError(cardName, "$.provenance.sha256", card.Provenance.Sha256, $"{hash}, which {ModelFile} has"));
        }

        return OpenSession(card, cardName, model, sizes, errors, errors.Count == before);
    }

    private OnnxClassifier? OpenSession(ModelCard card, string cardName, byte[] model, BatchSizes sizes, List<CardError> errors, bool cardIsGood)
    {
        InferenceSession? session = null;
        OnnxClassifier? classifier = null;
        try
        {
            session = _sessions.Create(model);
            var mismatch = ModelCardValidator.ValidateModel(card, cardName, ShapeOf(session));
            errors.AddRange(mismatch);
            if (!cardIsGood || mismatch.Count > 0)
            {
                return null;
            }

            classifier = new OnnxClassifier(card, session, _sessions.Device, sizes);
            session = null;
            classifier.WarmUp();
            var result = classifier;
            classifier = null;
            return result;
        }
        catch (OnnxRuntimeException refused)
        {
            errors.Add(new CardError($"{card.Name}/{ModelFile}", "$", refused.Message, "a model that ONNX Runtime can run"));
            return null;
        }
        catch (InvalidDataException refused)
        {
            errors.Add(new CardError(cardName, "$.output.kind", refused.Message, "probabilities of that kind"));
            return null;
        }
        finally
        {
            session?.Dispose();
            classifier?.Dispose();
        }
    }

    private static byte[]? Read(string folder, string file, List<CardError> errors)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, file));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            errors.Add(new CardError($"{Path.GetFileName(folder)}/{file}", "$", refused.Message, "a file that can be read"));
            return null;
        }
    }

    private static ModelShape ShapeOf(InferenceSession session) => new(
        [.. session.InputMetadata.Select(input => ToShape(input.Key, input.Value))],
        [.. session.OutputMetadata.Select(output => ToShape(output.Key, output.Value))]);

    private static TensorShape ToShape(string name, NodeMetadata node) => node.IsTensor
        ? new TensorShape(name, node.ElementDataType == TensorElementType.Float, node.Dimensions)
        : new TensorShape(name, false, []);
}
