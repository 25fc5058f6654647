namespace EcgStream.Daemon.Feeds;

/// <summary>Stored items in the order of their cursors, which start at 1 and rise.</summary>
public interface ICursorStore<T>
    where T : class
{
    /// <summary>The newest cursor stored, 0 when there is none.</summary>
    ulong LastCursor { get; }

    /// <summary>
    /// Items after a cursor, oldest first, at most <paramref name="limit"/>; fewer only when there are no more now. Whatever was
    /// published to the feed is found here. Items are shared between subscribers: nobody changes one.
    /// </summary>
    ValueTask<IReadOnlyList<T>> ReadAfterAsync(ulong cursor, int limit, CancellationToken cancellationToken);
}
