using EcgStream.Testing.Models;
using EcgStream.Testing.Onnx;

namespace EcgStream.Faults;

/// <summary>
/// An optional rhythm model that loads and warms up, and throws in the runtime on real windows: it gathers from a table of one row by the window's
/// largest sample, which is at most 1 in the sine of the warm-up and 2.5 and more standard deviations in an ECG.
/// </summary>
internal static class ThrowingModel
{
    private const string Name = "throws";
    private const string Shipped = "rhythm-12lead-normal-abnormal";

    /// <returns>The settings that load it beside the shipped models.</returns>
    public static string[] Install(string folder)
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "models");
        var models = Path.Combine(folder, "models");
        foreach (var model in Directory.GetDirectories(shipped).Where(path => Path.GetFileName(path) != "optional"))
        {
            var target = Directory.CreateDirectory(Path.Combine(models, Path.GetFileName(model))).FullName;
            foreach (var file in Directory.GetFiles(model))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }

        var card = TestModels.Card(shipped, Shipped);
        var (leads, samples) = (card["input"]!["leads"]!.AsArray().Count, card["input"]!["samples"]!.GetValue<int>());
        var labels = card["output"]!["labels"]!.AsArray().Count;
        var (input, output) = (card["input"]!["name"]!.GetValue<string>(), card["output"]!["name"]!.GetValue<string>());
        var bytes = new OnnxModelWriter()
            .Input(input, -1, leads, samples)
            .Output(output, -1, labels)
            .Initializer("weights", new float[leads * labels], leads, labels)
            .Initializer("bias", new float[labels], labels)
            .Initializer("table", new float[labels], 1, labels)
            .Initializer("scale", [0.4f], 1)
            .Node("GlobalAveragePool", [input], "pooled")
            .Node("Flatten", ["pooled"], "means", ("axis", 1))
            .Node("Gemm", ["means", "weights", "bias"], "level")
            .Node("ReduceMax", [input], "largest", ("keepdims", 0))
            .Node("Mul", ["largest", "scale"], "scaled")
            .Node("Cast", ["scaled"], "index", ("to", 7))
            .Node("Gather", ["table", "index"], "row")
            .Node("Add", ["level", "row"], "logits")
            .Node("Softmax", ["logits"], output, ("axis", 1))
            .ToArray();
        TestModels.Write(Path.Combine(models, "optional", Name), card, bytes);
        return [$"--Inference:ModelsPath={models}", $"--Inference:OptionalModels={Name}"];
    }
}
