using System.Text.Json.Nodes;

namespace EcgStream.Inference.Tests.Support;

/// <summary>A temporary folder of models.</summary>
internal sealed class ModelFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ecgstream-models-").FullName;

    public ModelFolder Add(JsonObject card, byte[] model, string? folder = null)
    {
        var target = Directory.CreateDirectory(System.IO.Path.Combine(Path, folder ?? (string)card["name"]!)).FullName;
        File.WriteAllBytes(System.IO.Path.Combine(target, "card.json"), CardText.Utf8(card));
        File.WriteAllBytes(System.IO.Path.Combine(target, "model.onnx"), model);
        return this;
    }

    /// <summary>Adds any file below the folder.</summary>
    public ModelFolder AddFile(string path, byte[] content)
    {
        var file = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
