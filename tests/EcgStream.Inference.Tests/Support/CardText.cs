using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcgStream.Core.Signals;
using EcgStream.Inference.Cards;
using EcgStream.Testing.Onnx;

namespace EcgStream.Inference.Tests.Support;

/// <summary>A small valid model with its card, which each test bends as it needs.</summary>
internal static class CardText
{
    public const int Leads = 2;
    public const int Samples = 1250;
    public const string Name = "mean-of-leads";

    public static readonly float[] Weights = [2, -2, -1, 1];
    public static readonly float[] Bias = [0.25f, -0.25f];

    public static byte[] Model(string head = "Softmax", int samples = Samples) => OnnxModelWriter.MeanClassifier(Leads, samples, 2, Weights, Bias, head);

    /// <summary>A card that is right in every point for <see cref="Model"/>.</summary>
    public static JsonObject Card(byte[]? model = null, string name = Name)
    {
        var sections = new JsonArray();
        foreach (var section in MonitoringBand.Sections)
        {
            sections.Add(new JsonArray(section.B0, section.B1, section.B2, 1, section.A1, section.A2));
        }

        return new JsonObject
        {
            ["name"] = name,
            ["version"] = "1.2.0",
            ["task"] = "rhythm",
            ["input"] = new JsonObject
            {
                ["name"] = "window",
                ["leads"] = new JsonArray("II", "V1"),
                ["sampleRateHz"] = 125,
                ["samples"] = Samples,
                ["layout"] = "lead-major",
                ["windowSeconds"] = 10,
                ["sourceRateHz"] = 500,
            },
            ["preprocessing"] = new JsonObject
            {
                ["stream"] = new JsonArray(
                    new JsonObject { ["step"] = "derive_leads" },
                    new JsonObject { ["step"] = "sos_filter", ["sampleRateHz"] = 500, ["sections"] = sections, ["initial"] = "steady_state_of_first_sample" }),
                ["window"] = new JsonArray(
                    new JsonObject { ["step"] = "select_leads", ["leads"] = new JsonArray("II", "V1") },
                    new JsonObject { ["step"] = "decimate", ["factor"] = 4, ["offset"] = 0 },
                    new JsonObject { ["step"] = "zscore", ["axis"] = "record", ["epsilon"] = 1e-6 }),
            },
            ["output"] = new JsonObject
            {
                ["name"] = "scores",
                ["kind"] = "softmax",
                ["labels"] = new JsonArray(
                    new JsonObject { ["name"] = "normal", ["snomed"] = "102592006", ["abnormal"] = false, ["alarmPriority"] = null },
                    new JsonObject { ["name"] = "abnormal", ["snomed"] = null, ["abnormal"] = true, ["alarmPriority"] = "medium" }),
            },
            ["thresholds"] = new JsonObject { ["abnormal"] = 0.5 },
            ["postprocessing"] = new JsonObject { ["temperature"] = 1.0, ["clip"] = null },
            ["members"] = new JsonArray(),
            ["provenance"] = new JsonObject
            {
                ["datasets"] = new JsonArray("made by the test"),
                ["splits"] = "none",
                ["recipe"] = "weights by hand",
                ["seed"] = 0,
                ["date"] = "2026-11-21",
                ["metrics"] = new JsonArray(new JsonObject { ["name"] = "accuracy", ["value"] = 0.9, ["interval"] = new JsonArray(0.8, 0.95), ["command"] = "none" }),
                ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(model ?? Model())),
            },
        };
    }

    public static byte[] Utf8(JsonNode card) => Encoding.UTF8.GetBytes(card.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));

    public static ModelCard Read(JsonNode card)
    {
        var read = ModelCardReader.Read(Utf8(card), "card.json", out var errors);
        Assert.Empty(errors);
        return Assert.IsType<ModelCard>(read);
    }

    public static IReadOnlyList<CardError> ErrorsOf(JsonNode card)
    {
        var read = ModelCardReader.Read(Utf8(card), "card.json", out var errors);
        return read is null ? errors : ModelCardValidator.ValidateCard(read, "card.json", Name, MonitoringBand.Sections);
    }
}
