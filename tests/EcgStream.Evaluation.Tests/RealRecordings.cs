namespace EcgStream.Evaluation.Tests;

/// <summary>Real recordings stay outside the repository; where they are unpacked, an environment variable says.</summary>
internal static class RealRecordings
{
    public const string Variable = "ECG_DATA_UNPACKED";

    /// <summary>The folder of a set; null where it is not there.</summary>
    public static string? Find(string set)
    {
        var root = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(root) || !Directory.Exists(Path.Combine(root, set)) ? null : Path.Combine(root, set);
    }

    /// <summary>The folder of a set; skips the test where it is not there.</summary>
    public static string Folder(string set)
    {
        var folder = Find(set);
        Assert.SkipUnless(folder is not null, $"{set} is not unpacked below {Variable}");
        return folder!;
    }
}
