using System.Runtime.CompilerServices;
using EcgStream.Client.Streaming;
using Grpc.Core;

namespace EcgStream.Client.Subscriptions;

/// <summary>
/// Follows a server stream whose events carry a rising cursor. After a break it asks for what comes after the last cursor seen, so
/// the reader gets each event once and in order. One reader at a time.
/// </summary>
public abstract class CursorSubscription<TEvent> where TEvent : class
{
    /// <summary>A subscription that has stood this long was a connection, even without an event; a refused one has headers too, and ends with them.</summary>
    private static readonly TimeSpan Standing = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _clock;
    private readonly TimeSpan? _giveUpAfter;

    private protected CursorSubscription(ulong afterCursor, TimeSpan? giveUpAfter, TimeProvider clock)
    {
        Cursor = afterCursor;
        _giveUpAfter = giveUpAfter;
        _clock = clock;
    }

    /// <summary>Cursor of the last event given to the reader; a later subscription resumes after it.</summary>
    public ulong Cursor { get; private set; }

    /// <summary>Connections after the first.</summary>
    public long Reconnects { get; private set; }

    /// <summary>Events as they come, until cancelled.</summary>
    /// <exception cref="DeviceStreamException">The daemon will not answer this subscription, or could not be reached for too long.</exception>
    public async IAsyncEnumerable<TEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
        long? downSince = null;
        while (true)
        {
            using var call = Open(Cursor, cancellation);
            long? upSince = null;
            while (true)
            {
                TEvent? next;
                try
                {
                    if (upSince is null)
                    {
                        // The daemon sends them as soon as the subscription stands; an event may be hours away.
                        await call.ResponseHeadersAsync;
                        upSince = _clock.GetTimestamp();
                    }

                    next = await call.ResponseStream.MoveNext(cancellation) ? call.ResponseStream.Current : null;
                }
                catch (RpcException error) when (cancellation.IsCancellationRequested)
                {
                    throw new OperationCanceledException(error.Status.Detail, error, cancellation);
                }
                catch (RpcException error)
                {
                    if (upSince is { } since && _clock.GetElapsedTime(since) >= Standing)
                    {
                        downSince = null;
                        backoff.Reset();
                    }

                    downSince ??= _clock.GetTimestamp();
                    var silent = _clock.GetElapsedTime(downSince.Value);
                    if (IsPermanent(error) || silent >= _giveUpAfter)
                    {
                        throw new DeviceStreamException(FormattableString.Invariant($"{Describe(error)} (gave up after {silent.TotalSeconds:0.0} s)"), error);
                    }

                    break;
                }

                if (next is null)
                {
                    break;
                }

                downSince = null;
                backoff.Reset();
                var cursor = CursorOf(next);
                if (cursor > Cursor)
                {
                    Cursor = cursor;
                    yield return next;
                }
            }

            Reconnects++;
            await Task.Delay(backoff.Next(), _clock, cancellation);
        }
    }

    private protected abstract AsyncServerStreamingCall<TEvent> Open(ulong afterCursor, CancellationToken cancellation);

    private protected abstract ulong CursorOf(TEvent next);

    private static bool IsPermanent(RpcException error) => error.StatusCode
        is StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented or StatusCode.InvalidArgument or StatusCode.OutOfRange;

    private string Describe(RpcException error) => error.StatusCode == StatusCode.OutOfRange
        ? FormattableString.Invariant($"cursor {Cursor} is not of this daemon's store, which has been replaced or emptied; subscribe from 0 to follow the new one ({error.StatusCode}: {error.Status.Detail})")
        : $"{error.StatusCode}: {error.Status.Detail}";
}
