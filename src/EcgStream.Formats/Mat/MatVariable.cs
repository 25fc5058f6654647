using System.Collections.Immutable;

namespace EcgStream.Formats.Mat;

/// <summary>One variable of a MAT file, or a field or cell inside one (<c>ECG.data</c>, <c>leads{2}</c>): what its header says, without its numbers.</summary>
public sealed record MatVariable
{
    public required string Name { get; init; }

    public required MatClass Class { get; init; }

    /// <summary>Empty for classes whose size is not read.</summary>
    public ImmutableArray<int> Dimensions { get; init; } = [];

    public bool IsComplex { get; init; }

    /// <summary>Logical arrays and characters are stored as numbers but are none.</summary>
    public bool IsLogical { get; init; }

    /// <summary>True for what <see cref="MatFile.Read"/> takes: a real, full, numeric matrix of two dimensions.</summary>
    public bool IsRealMatrix => Class.IsNumeric() && !IsComplex && !IsLogical && Dimensions.Length == 2;

    /// <summary>Number of elements, saturated at <see cref="long.MaxValue"/>.</summary>
    public long ElementCount
    {
        get
        {
            Int128 count = Dimensions.IsEmpty ? 0 : 1;
            foreach (int dimension in Dimensions)
            {
                count = Int128.Min(count * dimension, long.MaxValue);
            }

            return (long)count;
        }
    }

    /// <summary>True for a row of characters, which <see cref="MatFile.ReadText"/> takes.</summary>
    public bool IsText => Class == MatClass.Char && Dimensions is [1, > 0];

    /// <summary>Offset of the top-level element (v5) or of the header (v4).</summary>
    internal long Offset { get; init; }

    /// <summary>Place in the walk through a top-level element of v5: 0 is the element itself, above it what a struct or cell holds.</summary>
    internal int Ordinal { get; init; }

    /// <summary>How v4 stores the numbers; v5 says it beside them.</summary>
    internal MatStorage Storage { get; init; }

    public override string ToString() =>
        $"{Name} ({(IsComplex ? "complex " : "")}{(IsLogical ? "logical" : Class.ToString())} {string.Join('x', Dimensions)})";
}
