namespace EcgStream.Daemon.Journal;

/// <summary>Deletes whole closed segments, oldest first, by age and by size. Never the one that is written to.</summary>
internal static class JournalRetention
{
    public static void Apply(SegmentCatalog catalog, IJournalFiles files, JournalOptions options, SegmentWriter? current, long nowUnixNs, ILogger logger)
    {
        var bytes = (current?.Length ?? 0) + catalog.Segments.Sum(segment => segment.Bytes);
        var oldestKeptUnixNs = nowUnixNs - (options.MaxAge.Ticks * TimeSpan.NanosecondsPerTick);
        while (catalog.Segments.Count > 0)
        {
            var segment = catalog.Segments[0];
            var next = catalog.Segments.Count > 1 ? catalog.Segments[1] : null;
            // Without a footer, the next segment's start is when this one ended.
            var endedUnixNs = Math.Max(segment.CreatedUnixNs, segment.Range?.IngestMaxUnixNs ?? next?.CreatedUnixNs ?? nowUnixNs);
            if (segment.Number == current?.Number || (bytes <= options.MaxBytes && endedUnixNs >= oldestKeptUnixNs))
            {
                return;
            }

            try
            {
                files.Delete(segment.Path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                JournalLog.DeleteFailed(logger, exception, segment.Number);
                return;
            }

            catalog.Remove(segment);
            bytes -= segment.Bytes;
            JournalLog.Deleted(logger, segment.Number, segment.Bytes);
        }
    }
}
