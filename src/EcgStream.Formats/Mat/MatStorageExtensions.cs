namespace EcgStream.Formats.Mat;

internal static class MatStorageExtensions
{
    /// <summary>Bytes of one number; 0 for a number that is no storage type.</summary>
    public static int Size(this MatStorage storage) => storage switch
    {
        MatStorage.Int8 or MatStorage.UInt8 => 1,
        MatStorage.Int16 or MatStorage.UInt16 => 2,
        MatStorage.Int32 or MatStorage.UInt32 or MatStorage.Single => 4,
        MatStorage.Int64 or MatStorage.UInt64 or MatStorage.Double => 8,
        _ => 0,
    };

    public static MatClass AsClass(this MatStorage storage) => storage switch
    {
        MatStorage.Int8 => MatClass.Int8,
        MatStorage.UInt8 => MatClass.UInt8,
        MatStorage.Int16 => MatClass.Int16,
        MatStorage.UInt16 => MatClass.UInt16,
        MatStorage.Int32 => MatClass.Int32,
        MatStorage.UInt32 => MatClass.UInt32,
        MatStorage.Int64 => MatClass.Int64,
        MatStorage.UInt64 => MatClass.UInt64,
        MatStorage.Single => MatClass.Single,
        MatStorage.Double => MatClass.Double,
        _ => MatClass.None,
    };

    public static bool IsInteger(this MatClass matClass) => matClass is >= MatClass.Int8 and <= MatClass.UInt64;

    public static bool IsNumeric(this MatClass matClass) => matClass is >= MatClass.Double and <= MatClass.UInt64;
}
