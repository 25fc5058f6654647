using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcgStream.Testing.Onnx;

namespace EcgStream.Testing.Models;

/// <summary>Writes models for tests that start from a shipped card, so that stream steps and field names are those that the product ships.</summary>
public static class TestModels
{
    /// <summary>The card of a shipped model, to be bent.</summary>
    /// <param name="models">The folder of models beside the program under test.</param>
    /// <param name="name">Its name.</param>
    public static JsonObject Card(string models, string name) => JsonNode.Parse(File.ReadAllBytes(Path.Combine(models, name, "card.json")))!.AsObject();

    public static JsonObject Label(string name, bool abnormal, string? priority = null) =>
        new() { ["name"] = name, ["snomed"] = null, ["abnormal"] = abnormal, ["alarmPriority"] = priority };

    /// <summary>A beat of the Tianchi contest: 205 values, labels named 0, 1, …</summary>
    public static void WriteTianchi(string models, string folder, int labels, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        var card = Card(models, "rhythm-1lead-af");
        card["task"] = "beat";
        card["input"]!["samples"] = 205;
        card["input"]!["windowSeconds"] = 1.64;
        card["preprocessing"]!["window"] = new JsonArray(
            new JsonObject { ["step"] = "cut", ["kind"] = "rr", ["share"] = 1.2, ["medianOf"] = 8 },
            new JsonObject { ["step"] = "decimate", ["factor"] = 4, ["offset"] = 0 },
            new JsonObject { ["step"] = "minmax", ["low"] = 0, ["high"] = 1 },
            new JsonObject { ["step"] = "pad", ["samples"] = 205, ["value"] = 0 });
        card["output"]!["labels"] = new JsonArray([.. Enumerable.Range(0, labels).Select(label => Label($"{label}", label > 0))]);
        Write(folder, card, OnnxModelWriter.MeanClassifier(1, 205, labels, weights, bias));
    }

    /// <summary>An ensemble of a shipped model with itself: its mean must be what the model alone says.</summary>
    public static void WriteCopies(string models, string name, string folder, int copies = 2)
    {
        string[] nets = [.. Enumerable.Range(1, copies).Select(number => $"net{number}")];
        var member = Card(models, name);
        var model = File.ReadAllBytes(Path.Combine(models, name, "model.onnx"));
        foreach (var net in nets)
        {
            Write(Path.Combine(folder, net), member.DeepClone().AsObject(), model);
        }

        var card = member.DeepClone().AsObject();
        card["name"] = Path.GetFileName(folder);
        card["members"] = new JsonArray([.. nets.Select(net => JsonValue.Create(net))]);
        card["postprocessing"] = new JsonObject { ["temperature"] = 1.0, ["clip"] = null, ["snap"] = null, ["vote"] = new JsonObject { ["kind"] = "mean" } };
        card["provenance"]!["sha256"] = null;
        File.WriteAllBytes(Path.Combine(folder, "card.json"), Utf8(card));
    }

    /// <summary>
    /// The card of a shipped model over a graph that loads and warms up, and throws in the runtime on real windows: it
    /// gathers from a table of one row. A model of windows does so by the largest sample, which is at most 1 in the
    /// sine of the warm-up and 2.5 and more standard deviations in an ECG; one of beats by the largest feature, 0 in
    /// the warm-up and more than 1 of a beat.
    /// </summary>
    public static void WriteThrowing(string models, string name, string folder)
    {
        var card = Card(models, name);
        var template = card["input"]!["template"]?.GetValue<bool>() == true;
        var rows = card["input"]!["leads"]!.AsArray().Count * (template ? 2 : 1);
        var samples = card["input"]!["samples"]!.GetValue<int>();
        var labels = card["output"]!["labels"]!.AsArray().Count;
        var (input, output) = (card["input"]!["name"]!.GetValue<string>(), card["output"]!["name"]!.GetValue<string>());
        var features = card["input"]!["features"];
        var decisive = features?["name"]!.GetValue<string>() ?? input;
        var graph = new OnnxModelWriter().Input(input, -1, rows, samples);
        if (features is not null)
        {
            graph.Input(decisive, -1, features["list"]!.AsArray().Count);
        }

        var bytes = graph
            .Output(output, -1, labels)
            .Initializer("weights", new float[rows * labels], rows, labels)
            .Initializer("bias", new float[labels], labels)
            .Initializer("table", new float[labels], 1, labels)
            .Initializer("scale", [features is null ? 0.4f : 1], 1)
            .Node("GlobalAveragePool", [input], "pooled")
            .Node("Flatten", ["pooled"], "means", ("axis", 1))
            .Node("Gemm", ["means", "weights", "bias"], "level")
            .Node("ReduceMax", [decisive], "largest", ("keepdims", 0))
            .Node("Mul", ["largest", "scale"], "scaled")
            .Node("Cast", ["scaled"], "index", ("to", 7))
            .Node("Gather", ["table", "index"], "row")
            .Node("Add", ["level", "row"], "logits")
            .Node("Softmax", ["logits"], output, ("axis", 1))
            .ToArray();
        Write(folder, card, bytes);
    }

    /// <summary>Copies a model's folder as it is.</summary>
    public static void Copy(string models, string name, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.Combine(models, name)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <summary>Writes card and model; name and hash are set.</summary>
    public static void Write(string folder, JsonObject card, byte[] model)
    {
        Directory.CreateDirectory(folder);
        card["name"] = Path.GetFileName(folder);
        card["provenance"]!["sha256"] = Convert.ToHexStringLower(SHA256.HashData(model));
        File.WriteAllBytes(Path.Combine(folder, "card.json"), Utf8(card));
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model);
    }

    private static byte[] Utf8(JsonObject card) => System.Text.Encoding.UTF8.GetBytes(card.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
}
