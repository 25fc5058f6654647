using System.Globalization;

namespace EcgStream.Daemon.Journal;

/// <summary>The segment files there are, oldest first. The writer thread changes it; any thread reads a snapshot.</summary>
internal sealed class SegmentCatalog
{
    private volatile SegmentInfo[] _segments = [];

    /// <summary>A snapshot; never changed in place.</summary>
    public IReadOnlyList<SegmentInfo> Segments => _segments;

    public uint LastNumber { get; private set; }

    public static string PathOf(string directory, uint number) =>
        Path.Combine(directory, number.ToString("D10", CultureInfo.InvariantCulture) + SegmentFormat.Extension);

    /// <summary>Segment numbers of a folder, rising. Files of other names are left alone.</summary>
    public static List<uint> Find(string directory)
    {
        var numbers = new List<uint>();
        foreach (var path in Directory.EnumerateFiles(directory, "*" + SegmentFormat.Extension))
        {
            if (uint.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }

    /// <summary>Adds a segment, or puts new knowledge in the place of old.</summary>
    public void Set(SegmentInfo segment)
    {
        LastNumber = Math.Max(LastNumber, segment.Number);
        var known = Array.FindLastIndex(_segments, other => other.Number == segment.Number);
        if (known < 0)
        {
            _segments = [.. _segments, segment];
            return;
        }

        var changed = (SegmentInfo[])_segments.Clone();
        changed[known] = segment;
        _segments = changed;
    }

    /// <summary>A number is never used twice, be its file there or not.</summary>
    public uint TakeNumber() => ++LastNumber;

    public void SkipTo(uint number) => LastNumber = Math.Max(LastNumber, number);

    public void Remove(SegmentInfo segment) => _segments = Array.FindAll(_segments, other => !ReferenceEquals(other, segment));
}
