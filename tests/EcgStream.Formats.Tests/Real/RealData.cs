namespace EcgStream.Formats.Tests.Real;

/// <summary>Real recordings stay outside the repository; the tests over them are skipped where they are not unpacked.</summary>
internal static class RealData
{
    public const string Variable = "ECG_DATA_UNPACKED";

    public static string Folder(string set)
    {
        string? root = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(!string.IsNullOrEmpty(root), $"{Variable} names no folder of unpacked recordings");
        string folder = Path.Combine(root!, set);
        Assert.SkipUnless(Directory.Exists(folder), $"{set} is not unpacked below {Variable}");
        return folder;
    }
}
