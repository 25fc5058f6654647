using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using EcgStream.Core.Windows;

namespace EcgStream.Inference.Cards;

/// <summary>Reads <c>card.json</c>: every field must be there, none may be there that is not known, and every value must be of its kind and range.</summary>
public static class ModelCardReader
{
    /// <summary>A card is read whole; nothing of this size is one.</summary>
    public const int LongestBytes = 1 << 20;

    /// <param name="json">UTF-8.</param>
    /// <param name="file">How errors name the file.</param>
    /// <param name="errors">All that is wrong; empty exactly when a card is returned.</param>
    public static ModelCard? Read(ReadOnlyMemory<byte> json, string file, out IReadOnlyList<CardError> errors)
    {
        var found = new CardErrors(file);
        var card = Read(json, found);
        errors = found.All;
        return found.All.Count == 0 ? card : null;
    }

    private static ModelCard? Read(ReadOnlyMemory<byte> json, CardErrors errors)
    {
        if (json.Length > LongestBytes)
        {
            errors.Add("$", $"{json.Length} bytes", $"at most {LongestBytes} bytes");
            return null;
        }

        if (!Utf8.IsValid(json.Span))
        {
            errors.Add("$", "bytes that are no UTF-8", "UTF-8");
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return ReadCard(new JsonFields(errors, document.RootElement, "$"), errors);
        }
        catch (JsonException refused)
        {
            errors.Add("$", $"line {refused.LineNumber + 1}, byte {refused.BytePositionInLine}: {refused.Message}", "JSON without repeated fields");
            return null;
        }
    }

    private static ModelCard ReadCard(JsonFields card, CardErrors errors)
    {
        var preprocessing = card.Object("preprocessing");
        var thresholds = card.Object("thresholds");
        var read = new ModelCard
        {
            Name = card.Text("name", 64),
            Version = card.Text("version", 64),
            Task = card.Choice("task", "rhythm", "beat") == "beat" ? ModelTask.Beat : ModelTask.Rhythm,
            Input = ReadInput(card.Object("input")),
            StreamSteps = preprocessing.List("stream", 0, 16, (element, path) => ReadStreamStep(new JsonFields(errors, element, path))),
            WindowSteps = preprocessing.List("window", 0, 16, (element, path) => ReadWindowStep(new JsonFields(errors, element, path))),
            Output = ReadOutput(card.Object("output"), errors),
            AbnormalThreshold = thresholds.Number("abnormal", 0, 1),
            LabelThresholds = thresholds.Has("labels") ? thresholds.Numbers("labels", 0, 1) : [],
            Postprocessing = ReadPostprocessing(card.Object("postprocessing"), errors),
            Members = card.Texts("members", 0, 32),
            Provenance = ReadProvenance(card.Object("provenance"), errors),
        };
        preprocessing.NothingElse();
        thresholds.NothingElse();
        card.NothingElse();
        return read;
    }

    private static CardInput ReadInput(JsonFields input)
    {
        var read = new CardInput(
            input.Text("name"),
            input.Texts("leads", 1, 16),
            (int)input.Whole("sampleRateHz", 1, 10_000),
            (int)input.Whole("samples", 1, 100_000),
            input.Choice("layout", "lead-major"),
            input.Number("windowSeconds", 0.01, 60),
            (int)input.Whole("sourceRateHz", 1, 10_000))
        {
            Template = input.Has("template") && input.Flag("template"),
            Features = input.Has("features") ? ReadFeatures(input.Object("features")) : null,
        };
        input.NothingElse();
        return read;
    }

    private static CardFeatures ReadFeatures(JsonFields features)
    {
        var read = new CardFeatures(features.Text("name"), features.Texts("list", 1, 256));
        features.NothingElse();
        return read;
    }

    private static StreamStep ReadStreamStep(JsonFields step)
    {
        StreamStep read = new StreamStep.DeriveLeads();
        if (step.Choice("step", "derive_leads", "sos_filter") == "sos_filter")
        {
            var rate = (int)step.Whole("sampleRateHz", 1, 10_000);
            var sections = step.List("sections", 1, 16, (section, path) => ReadSection(step, section, path));
            read = new StreamStep.SosFilter(rate, sections, step.Choice("initial", StreamStep.SosFilter.SteadyState));
        }

        step.NothingElse();
        return read;
    }

    private static IReadOnlyList<double> ReadSection(JsonFields step, JsonElement section, string path)
    {
        const int Coefficients = 6;
        if (section.ValueKind != JsonValueKind.Array || section.GetArrayLength() != Coefficients)
        {
            step.Refuse(section, path, "[b0, b1, b2, 1, a1, a2]");
            return [];
        }

        return [.. section.EnumerateArray().Select((number, index) => step.NumberOf(number, $"{path}[{index}]", -1e6, 1e6))];
    }

    private static CardWindowStep ReadWindowStep(JsonFields step)
    {
        CardWindowStep read = step.Choice("step", "select_leads", "decimate", "zscore", "scale", "clip", "cut", "minmax", "pad") switch
        {
            "cut" => ReadCut(step),
            "minmax" => new CardWindowStep.MinMax(step.Number("low", -1e6, 1e6), step.Number("high", -1e6, 1e6)),
            "pad" => new CardWindowStep.Pad((int)step.Whole("samples", 1, 100_000), step.Number("value", -1e6, 1e6)),
            "select_leads" => new CardWindowStep.SelectLeads(step.Texts("leads", 1, 16)),
            "decimate" => new CardWindowStep.Decimate((int)step.Whole("factor", 1, 100), (int)step.Whole("offset", 0, 99)),
            "zscore" => new CardWindowStep.ZScore(
                step.Choice("axis", "record", "lead") == "lead" ? ZScoreAxis.Lead : ZScoreAxis.Record, step.Number("epsilon", 0, 1)),
            "scale" => new CardWindowStep.Scale(step.Number("factor", -1e6, 1e6)),
            _ => new CardWindowStep.Clip(step.Number("min", -1e6, 1e6), step.Number("max", -1e6, 1e6)),
        };
        step.NothingElse();
        return read;
    }

    private static CardWindowStep ReadCut(JsonFields step) => step.Choice("kind", "fixed", "rr") == "rr"
        ? new CardWindowStep.CutRr(step.Number("share", 0.1, 10), (int)step.Whole("medianOf", 1, 32))
        : new CardWindowStep.CutFixed(step.Number("beforeSeconds", 0, 2), step.Number("afterSeconds", 0, 2));

    private static CardOutput ReadOutput(JsonFields output, CardErrors errors)
    {
        var read = new CardOutput(
            output.Text("name"),
            output.Choice("kind", "softmax", "sigmoid") == "sigmoid" ? ScoreKind.Sigmoid : ScoreKind.Softmax,
            output.List("labels", 1, 256, (element, path) => ReadLabel(new JsonFields(errors, element, path))));
        output.NothingElse();
        return read;
    }

    private static CardLabel ReadLabel(JsonFields label)
    {
        var read = new CardLabel(label.Text("name", 64), label.TextOrNull("snomed", 18), label.Flag("abnormal"), label.TextOrNull("alarmPriority"));
        label.NothingElse();
        return read;
    }

    private static CardPostprocessing ReadPostprocessing(JsonFields fields, CardErrors errors)
    {
        var read = new CardPostprocessing(
            fields.Number("temperature", 0.01, 100), fields.RangeOrNull("clip", 0, 1), EnsembleFields.ReadSnap(fields, errors), EnsembleFields.ReadVote(fields, errors));
        fields.NothingElse();
        return read;
    }

    private static CardProvenance ReadProvenance(JsonFields fields, CardErrors errors)
    {
        var dateText = fields.Text("date", 10);
        if (!DateOnly.TryParseExact(dateText, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && dateText.Length > 0)
        {
            errors.Add(fields.PathOf("date"), $"\"{dateText}\"", "a day as 2026-11-21");
        }

        var read = new CardProvenance(
            fields.Texts("datasets", 1, 64),
            fields.Text("splits", 2000),
            fields.Text("recipe", 400),
            fields.Whole("seed", long.MinValue, long.MaxValue),
            date,
            fields.List("metrics", 0, 256, (element, path) => ReadMetric(new JsonFields(errors, element, path))),
            fields.TextOrNull("sha256", 64));
        fields.NothingElse();
        return read;
    }

    private static CardMetric ReadMetric(JsonFields metric)
    {
        var read = new CardMetric(
            metric.Text("name"), metric.Number("value", -1e12, 1e12), metric.RangeOrNull("interval", -1e12, 1e12), metric.Text("command", 400));
        metric.NothingElse();
        return read;
    }
}
