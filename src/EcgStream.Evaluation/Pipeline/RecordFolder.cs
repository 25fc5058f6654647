using EcgStream.Formats;

namespace EcgStream.Evaluation.Pipeline;

/// <summary>The recordings to score, in natural order of their names.</summary>
internal static class RecordFolder
{
    /// <summary>Reference annotations are read; leads without a name in single-lead files are taken as <see cref="Core.Signals.Lead.Ecg"/>; missing samples are held and counted.</summary>
    public static RecordingDefaults Defaults { get; } = RecordingDefaults.Standard with
    {
        SingleLead = Core.Signals.Lead.Ecg,
        MissingSamples = MissingSamplePolicy.Keep,
    };

    /// <summary>Lists a folder, a file or one record; nothing is read yet.</summary>
    /// <exception cref="RecordingFormatException">There is no recording.</exception>
    public static IReadOnlyList<RecordingEntry> List(string path, RecordingDefaults? defaults = null) => [.. RecordingReader.Open(path, defaults ?? Defaults)];
}
