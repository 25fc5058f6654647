namespace EcgStream.Formats.Mat;

/// <summary>Class of a MATLAB array, with the numbers of the MAT v5 array flags.</summary>
public enum MatClass
{
    None = 0,
    Cell = 1,
    Struct = 2,
    Object = 3,
    Char = 4,
    Sparse = 5,
    Double = 6,
    Single = 7,
    Int8 = 8,
    UInt8 = 9,
    Int16 = 10,
    UInt16 = 11,
    Int32 = 12,
    UInt32 = 13,
    Int64 = 14,
    UInt64 = 15,
    Function = 16,
    Opaque = 17,
}
