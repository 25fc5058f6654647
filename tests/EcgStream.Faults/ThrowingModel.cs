using EcgStream.Testing.Models;

namespace EcgStream.Faults;

/// <summary>An optional rhythm model that throws in the runtime on real windows.</summary>
internal static class ThrowingModel
{
    private const string Name = "throws";
    private const string Shipped = "rhythm-12lead-normal-abnormal";

    /// <returns>The settings that load it beside the shipped models.</returns>
    public static string[] Install(string folder)
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "models");
        var models = Path.Combine(folder, "models");
        var all = Directory.GetDirectories(shipped).Select(path => Path.GetFileName(path));
        foreach (var model in all.Where(name => name != "optional"))
        {
            TestModels.Copy(shipped, model, Path.Combine(models, model));
        }

        TestModels.WriteThrowing(shipped, Shipped, Path.Combine(models, "optional", Name));
        return [$"--Inference:ModelsPath={models}", $"--Inference:OptionalModels={Name}"];
    }
}
