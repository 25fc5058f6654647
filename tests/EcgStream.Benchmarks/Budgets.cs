using System.Text.Json;

namespace EcgStream.Benchmarks;

/// <summary>The limits of budgets.json.</summary>
internal static class Budgets
{
    private static readonly Dictionary<string, double> All = JsonSerializer.Deserialize<Dictionary<string, double>>(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "budgets.json")))!;

    public static double Of(string name) => All[name];
}
