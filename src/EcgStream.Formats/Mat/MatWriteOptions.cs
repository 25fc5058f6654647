namespace EcgStream.Formats.Mat;

/// <summary>How the MAT writers lay out a file.</summary>
public sealed record MatWriteOptions
{
    /// <summary>v5 only: each variable in a zlib-compressed element, as MATLAB's -v7 does.</summary>
    public bool Compress { get; init; }

    public bool BigEndian { get; init; }

    /// <summary>
    /// How the numbers are stored. None: as the matrix's class says. v5 may store narrower than the class, as MATLAB does for doubles that are
    /// small integers. A value that the type cannot hold is refused.
    /// </summary>
    public MatStorage Storage { get; init; }

    internal MatStorage StorageFor(MatMatrix matrix) => Storage != MatStorage.None ? Storage : matrix.Class switch
    {
        MatClass.Double => MatStorage.Double,
        MatClass.Single => MatStorage.Single,
        MatClass.Int8 => MatStorage.Int8,
        MatClass.UInt8 => MatStorage.UInt8,
        MatClass.Int16 => MatStorage.Int16,
        MatClass.UInt16 => MatStorage.UInt16,
        MatClass.Int32 => MatStorage.Int32,
        MatClass.UInt32 => MatStorage.UInt32,
        MatClass.Int64 => MatStorage.Int64,
        _ => MatStorage.UInt64,
    };
}
