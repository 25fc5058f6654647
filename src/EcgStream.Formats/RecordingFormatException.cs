namespace EcgStream.Formats;

/// <summary>
/// A recording, annotation or label file was refused whole. The message names the file, the place in it
/// (byte offset, row, field, lead and sample) and the limit that was passed.
/// </summary>
public sealed class RecordingFormatException : Exception
{
    public RecordingFormatException(RecordingFault fault, string filePath, string place, string problem, Exception? innerException = null)
        : base(place.Length == 0 ? $"{filePath}: {problem}" : $"{filePath}: {place}: {problem}", innerException)
    {
        Fault = fault;
        FilePath = filePath;
        Place = place;
        Problem = problem;
    }

    public RecordingFault Fault { get; }

    public string FilePath { get; }

    /// <summary>Where in the file; empty when the file as a whole is meant.</summary>
    public string Place { get; }

    public string Problem { get; }
}
