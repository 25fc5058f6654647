using System.Globalization;

namespace EcgStream.Inference.Cards;

/// <param name="Name">Name in the graph.</param>
/// <param name="IsFloat32">Whether its elements are 32-bit floats.</param>
/// <param name="Dimensions">-1 is free.</param>
public sealed record TensorShape(string Name, bool IsFloat32, IReadOnlyList<int> Dimensions)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name} [{string.Join(", ", Dimensions)}] {(IsFloat32 ? "float32" : "not float32")}");
}
