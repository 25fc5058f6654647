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
            while (true)
            {
                TEvent? next;
                try
                {
                    next = await call.ResponseStream.MoveNext(cancellation) ? call.ResponseStream.Current : null;
                }
                catch (RpcException error) when (cancellation.IsCancellationRequested)
                {
                    throw new OperationCanceledException(error.Status.Detail, error, cancellation);
                }
                catch (RpcException error)
                {
                    downSince ??= _clock.GetTimestamp();
                    var silent = _clock.GetElapsedTime(downSince.Value);
                    if (IsPermanent(error) || silent >= _giveUpAfter)
                    {
                        throw new DeviceStreamException(FormattableString.Invariant($"{error.StatusCode}: {error.Status.Detail} (gave up after {silent.TotalSeconds:0.0} s)"), error);
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
        is StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented or StatusCode.InvalidArgument;
}
