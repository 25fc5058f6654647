namespace EcgStream.Daemon.Journal;

/// <summary>Takes stock of the segment files at start and mends the end that a crash left.</summary>
internal static class JournalRecovery
{
    public static JournalRecoverySummary Run(string directory, SegmentCatalog catalog, IJournalFiles files)
    {
        var numbers = SegmentCatalog.Find(directory);
        var summary = new JournalRecoverySummary();
        foreach (var number in numbers)
        {
            catalog.SkipTo(number);
            var path = SegmentCatalog.PathOf(directory, number);
            var last = number == numbers[^1];
            var (info, found) = Inspect(path, number, last, files);
            summary = summary.Add(found);
            if (info is not null)
            {
                catalog.Set(info);
            }
        }

        return summary;
    }

    private static (SegmentInfo? Info, JournalRecoverySummary Found) Inspect(string path, uint number, bool last, IJournalFiles files)
    {
        using var cursor = new SegmentCursor(path, number);
        var length = cursor.FileBytes;
        var found = new JournalRecoverySummary { Segments = 1, CorruptStretches = cursor.HasHeader ? 0 : 1 };
        var footer = cursor.ReadFooter();
        if (!last || footer is not null)
        {
            return (new SegmentInfo(number, path, cursor.CreatedUnixNs, length, footer), found with { Records = footer?.Records ?? 0 });
        }

        var range = new SegmentRange();
        while (cursor.TryRead(length, out var record))
        {
            range.Add(record.IngestUnixNs, record.DeviceStartUnixNs, record.DeviceEndUnixNs);
        }

        if (range.Records == 0)
        {
            // Made just before the crash: nothing in it was ever acknowledged.
            files.Delete(path);
            return (null, new JournalRecoverySummary { TornBytes = Math.Max(0, length - SegmentFormat.HeaderBytes) });
        }

        var good = cursor.Offset;
        Mend(path, number, good, range, files);
        return (
            new SegmentInfo(number, path, cursor.CreatedUnixNs, good + SegmentFormat.FooterBytes, range),
            found with { Records = range.Records, TornBytes = length - good, CorruptStretches = found.CorruptStretches + cursor.CorruptStretches });
    }

    private static void Mend(string path, uint number, long good, in SegmentRange range, IJournalFiles files)
    {
        var footer = new byte[SegmentFormat.FooterBytes];
        SegmentFormat.WriteFooter(footer, number, range);
        using var file = files.OpenExisting(path);
        file.SetLength(good);
        file.Write(footer, good);
        file.Flush();
    }
}
