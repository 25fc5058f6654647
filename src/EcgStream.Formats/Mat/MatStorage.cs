namespace EcgStream.Formats.Mat;

/// <summary>How numbers lie in a MAT file, with the type numbers of MAT v5 data elements.</summary>
public enum MatStorage
{
    None = 0,
    Int8 = 1,
    UInt8 = 2,
    Int16 = 3,
    UInt16 = 4,
    Int32 = 5,
    UInt32 = 6,
    Single = 7,
    Double = 9,
    Int64 = 12,
    UInt64 = 13,
}
