using Grpc.Core;

namespace EcgStream.Daemon.Feeds;

/// <summary>What the Subscribe calls have in common.</summary>
internal static class FeedRequest
{
    /// <summary>The cursor to start after.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: a cursor with live_only; OUT_OF_RANGE: a cursor that was never given out.</exception>
    public static ulong Start<T>(CursorFeed<T> feed, ulong afterCursor, bool liveOnly)
        where T : class
    {
        var last = feed.LastCursor;
        if (liveOnly && afterCursor != 0)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"after_cursor: {afterCursor} with live_only, it must be 0"));
        }

        // Waiting for the cursor to be reached would hide everything up to it, from a client that has followed another data directory.
        if (afterCursor > last)
        {
            throw new RpcException(new Status(
                StatusCode.OutOfRange, $"after_cursor: {afterCursor} lies after the newest cursor, {last}; it is not one of this daemon's store"));
        }

        return liveOnly ? last : afterCursor;
    }

    /// <summary>Takes a subscriber's place.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: all are taken.</exception>
    public static IDisposable Enter<T>(CursorFeed<T> feed, FeedOptions options)
        where T : class =>
        feed.TryEnter() ?? throw new RpcException(new Status(
            StatusCode.ResourceExhausted, $"{options.MaxSubscribers} subscribers are connected, the limit ({FeedOptions.SectionName}:{nameof(options.MaxSubscribers)})"));

    /// <summary>Ends a subscription when the daemon stops; the client resumes with its cursor.</summary>
    public static RpcException Stopping() => new(new Status(StatusCode.Unavailable, "The daemon is stopping; subscribe again after the last cursor."));
}
