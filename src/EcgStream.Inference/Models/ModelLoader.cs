using System.Security.Cryptography;
using EcgStream.Core.Batching;
using EcgStream.Core.Signals;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Sessions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EcgStream.Inference.Models;

/// <summary>Makes a classifier of one model's folder, or says all that is wrong with it.</summary>
/// <param name="sessions">Makes the sessions.</param>
/// <param name="sizes">Batch sizes to run.</param>
/// <param name="streamSections">The daemon's own streaming filter.</param>
/// <param name="errors">What is wrong is added here.</param>
internal sealed class ModelLoader(OnnxSessionFactory sessions, BatchSizes sizes, SosSection[] streamSections, List<CardError> errors)
{
    /// <returns>Null where anything is wrong with it.</returns>
    public IBatchClassifier? Load(string folder)
    {
        var name = Path.GetFileName(folder);
        if (ReadCard(folder, name) is not { } card)
        {
            return null;
        }

        var before = errors.Count;
        errors.AddRange(ModelCardValidator.ValidateCard(card, CardOf(name), name, streamSections));
        return card.Members.Count == 0
            ? LoadGraph(card, folder, name, null, errors.Count == before)
            : LoadEnsemble(card, folder, name, errors.Count == before);
    }

    private static string CardOf(string place) => $"{place}/{ModelRepository.CardFile}";

    private OnnxClassifier? LoadGraph(ModelCard card, string folder, string place, BatchInput? input, bool cardIsGood)
    {
        var file = $"{place}/{ModelRepository.ModelFile}";
        if (Read(folder, place, ModelRepository.ModelFile) is not { } model)
        {
            return null;
        }

        cardIsGood &= CheckHash(card, place, ModelRepository.ModelFile, model);
        return WithSession(file, () => sessions.Create(model, cardIsGood ? ShapesOf(card) : null), (session, release) =>
        {
            var mismatch = ModelCardValidator.ValidateModel(card, CardOf(place), ShapeOf(session.Session));
            errors.AddRange(mismatch);
            if (!cardIsGood || mismatch.Count > 0)
            {
                return null;
            }

            var classifier = new OnnxClassifier(card, session, sizes, input);
            release();
            return WarmedUp(classifier, classifier.WarmUp, new CardError(CardOf(place), "$.output.kind", "", "probabilities of that kind"));
        });
    }

    private EnsembleClassifier? LoadEnsemble(ModelCard card, string folder, string place, bool cardIsGood)
    {
        if (File.Exists(Path.Combine(folder, ModelRepository.ModelFile)))
        {
            errors.Add(new CardError($"{place}/{ModelRepository.ModelFile}", "$", "a graph beside members", $"none: the graphs of an ensemble lie in its members' folders ({string.Join(", ", card.Members)})"));
        }

        if (!cardIsGood && card.Members.Any(name => Path.GetFileName(name) != name || name is "." or ".."))
        {
            return null; // where to look for such members is not known
        }

        var before = errors.Count;
        var recipe = cardIsGood ? card.ToRecipe() : null;
        var input = recipe is null ? null : new BatchInput(sizes.Largest, recipe.RowsLength, recipe.FeatureCount);
        var members = card.Members.Select(name => LoadMember(card, Path.Combine(folder, name), $"{place}/{name}", name, input)).ToList();
        BatchInput? stackInput = null;
        OnnxGraph? stack = null;
        if (card.Postprocessing.Vote is CardVote.Stack vote)
        {
            stackInput = new BatchInput(sizes.Largest, card.Members.Count * card.Output.Labels.Count);
            stack = LoadStack(card, vote, folder, place, stackInput);
        }

        if (input is null || errors.Count > before)
        {
            members.ForEach(member => member?.Dispose());
            stack?.Dispose();
            return null;
        }

        var ensemble = new EnsembleClassifier(card, input, [.. members.OfType<OnnxClassifier>()], sizes, stack, stackInput);
        return WarmedUp(ensemble, ensemble.WarmUp, new CardError(CardOf(place), "$.postprocessing.vote.model", "", $"probabilities: {card.Output.Kind}"));
    }

    private OnnxClassifier? LoadMember(ModelCard ensemble, string folder, string place, string name, BatchInput? input)
    {
        if (ReadCard(folder, place) is not { } card)
        {
            return null;
        }

        var before = errors.Count;
        errors.AddRange(ModelCardValidator.ValidateCard(card, CardOf(place), name, streamSections));
        var unlike = new CardErrors(CardOf(place));
        EnsembleRules.CheckMember(ensemble, card, unlike);
        errors.AddRange(unlike.All);
        return LoadGraph(card, folder, place, input, errors.Count == before);
    }

    private OnnxGraph? LoadStack(ModelCard card, CardVote.Stack vote, string folder, string place, BatchInput input)
    {
        if (Path.GetFileName(vote.Model) != vote.Model || Read(folder, place, vote.Model) is not { } model || !CheckHash(card, place, vote.Model, model))
        {
            return null;
        }

        return WithSession($"{place}/{vote.Model}", () => sessions.CreateOnCpu(model), (session, release) =>
        {
            var shape = ShapeOf(session.Session);
            var mismatch = new CardErrors(CardOf(place));
            EnsembleRules.CheckStack(card, vote, shape, mismatch);
            errors.AddRange(mismatch.All);
            if (mismatch.All.Count > 0)
            {
                return null;
            }

            release();
            return new OnnxGraph(session, sizes, (shape.Inputs[0].Name, null), input, [input.RowLength], card.Output.Name, card.Output.Labels.Count);
        });
    }

    private ModelCard? ReadCard(string folder, string place)
    {
        if (Read(folder, place, ModelRepository.CardFile) is not { } json)
        {
            return null;
        }

        var card = ModelCardReader.Read(json, CardOf(place), out var unread);
        errors.AddRange(unread);
        return card;
    }

    private bool CheckHash(ModelCard card, string place, string file, byte[] model)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(model));
        if (hash == card.Provenance.Sha256)
        {
            return true;
        }

        errors.Add(new CardError(CardOf(place), "$.provenance.sha256", card.Provenance.Sha256 ?? "null", $"{hash}, which {file} has"));
        return false;
    }

    private BatchShapes ShapesOf(ModelCard card)
    {
        var recipe = card.ToRecipe();
        (string, IReadOnlyList<long>) rows = (card.Input.Name, [recipe.RowCount, recipe.OutputSamples]);
        return new BatchShapes(
            card.Input.Features is { } features ? [rows, (features.Name, [recipe.FeatureCount])] : [rows], sizes.Sizes[0], sizes.Largest);
    }

    private T? WithSession<T>(string file, Func<OnnxSession> open, Func<OnnxSession, Action, T?> use)
        where T : class
    {
        OnnxSession? session = null;
        var onGpu = false;
        try
        {
            session = open();
            onGpu = session.Device != "cpu";
            return use(session, () => session = null);
        }
        catch (OnnxRuntimeException refused) when (!onGpu)
        {
            errors.Add(new CardError(file, "$", refused.Message, "a model that ONNX Runtime can run"));
            return null;
        }
        catch (OnnxRuntimeException refused)
        {
            // It could be opened there but not run: libraries that do not fit each other, too little memory.
            sessions.RefuseGpu(refused);
        }
        finally
        {
            session?.Dispose();
        }

        return WithSession(file, open, use);
    }

    private T? WarmedUp<T>(T classifier, Action warmUp, CardError otherwise)
        where T : class, IDisposable
    {
        var good = false;
        try
        {
            warmUp();
            good = true;
            return classifier;
        }
        catch (InvalidDataException refused)
        {
            errors.Add(otherwise with { Value = refused.Message });
            return null;
        }
        finally
        {
            if (!good)
            {
                classifier.Dispose();
            }
        }
    }

    private byte[]? Read(string folder, string place, string file)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, file));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            errors.Add(new CardError($"{place}/{file}", "$", refused.Message, "a file that can be read"));
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
