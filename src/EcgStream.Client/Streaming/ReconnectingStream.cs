using EcgStream.Protocol.V1;

namespace EcgStream.Client.Streaming;

/// <summary>
/// What both transports share: the window of unanswered chunks and the loop that connects, waits and connects again. A transport
/// only says how one connection runs.
/// </summary>
public abstract class ReconnectingStream : IDeviceStream
{
    private readonly CancellationTokenSource _lifetime = new();
    private readonly DeviceStreamOptions _options;
    private readonly Task _running;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile DeviceStreamException? _fault;
    private long _lastProgress;

    private protected ReconnectingStream(DeviceStreamOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        options.Validate();
        _options = options;
        Clock = clock;
        Window = new SendWindow(options.MaxInFlightChunks);
        _lastProgress = clock.GetTimestamp();
        _running = RunAsync();
    }

    public DeviceStreamTotals Totals => Window.Totals;

    private protected SendWindow Window { get; }

    private protected TimeProvider Clock { get; }

    public async ValueTask SendAsync(SampleChunk chunk, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        _started.TrySetResult();
        ThrowIfFaulted();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _lifetime.Token);
        try
        {
            await Window.AddAsync(chunk, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            ThrowIfFaulted();
            throw new ObjectDisposedException(GetType().Name);
        }
    }

    public async Task<DeviceStreamTotals> CompleteAsync(CancellationToken cancellation = default)
    {
        Window.Close();
        _started.TrySetResult();
        MarkProgress();
        while (!Window.Drained.IsCompleted && !_running.IsCompleted)
        {
            var left = _options.AnswerTimeout - Clock.GetElapsedTime(Volatile.Read(ref _lastProgress));
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(Window.Drained, _running, Task.Delay(left, Clock, pause.Token));
            await pause.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }

        ThrowIfFaulted();
        return Totals;
    }

    public async ValueTask DisposeAsync()
    {
        if (Window.Drained.IsCompleted)
        {
            await _running.WaitAsync(FarewellTime, Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _lifetime.CancelAsync();
        await _running;
        Window.Dispose();
        _lifetime.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Connects and sends until the window is drained. Calls <see cref="Connected"/> once chunks may flow. Throws when the connection breaks.
    /// </summary>
    private protected abstract Task RunConnectionAsync(CancellationToken cancellation);

    /// <summary>Whether connecting again could help.</summary>
    private protected abstract bool IsPermanent(Exception error);

    /// <summary>The error in a few words.</summary>
    private protected virtual string Describe(Exception error) => error.Message;

    /// <summary>Who is talked to, for messages.</summary>
    private protected abstract string Peer { get; }

    /// <summary>How long a connection on which everything is answered may take to end by itself before it is cut off.</summary>
    private protected virtual TimeSpan FarewellTime => TimeSpan.Zero;

    /// <summary>A new connection: what is unanswered goes out on it.</summary>
    private protected void Connected() => Window.Rewind();

    /// <summary>A final answer. A temporary refusal is none: it ends the connection by a <see cref="ChunkNotTakenException"/>.</summary>
    private protected void Answer(ChunkAck ack)
    {
        MarkProgress();
        Window.Resolve(ChunkKey.Of(ack), ack.Status, ack.Refusal);
    }

    /// <summary>
    /// Refused for now, not for good. Such a chunk must not go out alone: behind newer ones the daemon takes it for lost after a second.
    /// </summary>
    private protected static bool IsTemporary(ChunkAck ack) =>
        ack.Status == AckStatus.Refused && ack.Refusal?.Reason
            is RefusalReason.Overloaded or RefusalReason.Storage or RefusalReason.SecondWriter or RefusalReason.TooManyDevices;

    private protected void MarkProgress() => Volatile.Write(ref _lastProgress, Clock.GetTimestamp());

    private async Task RunAsync()
    {
        await _started.Task.WaitAsync(_lifetime.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var backoff = new Backoff(_options.FirstReconnectDelay, _options.MaxReconnectDelay);
        long? downSince = null;
        while (!_lifetime.IsCancellationRequested && !Window.Drained.IsCompleted)
        {
            var progress = Volatile.Read(ref _lastProgress);
            try
            {
                await RunConnectionAsync(_lifetime.Token);
                continue;
            }
            catch (Exception) when (_lifetime.IsCancellationRequested)
            {
                return; // not only OperationCanceledException: each transport has its own words for it
            }
            catch (Exception error)
            {
                if (Volatile.Read(ref _lastProgress) != progress)
                {
                    backoff.Reset();
                    downSince = null;
                }

                downSince ??= Clock.GetTimestamp();
                var silent = Clock.GetElapsedTime(downSince.Value);
                if (IsPermanent(error) || (_options.GiveUpAfter is { } limit && silent >= limit))
                {
                    _fault = new DeviceStreamException(
                        FormattableString.Invariant($"{Peer}: {Describe(error)} (gave up after {silent.TotalSeconds:0.0} s; {Totals.Unanswered} chunks unanswered)"), error);
                    await _lifetime.CancelAsync();
                    return;
                }
            }

            await Task.Delay(backoff.Next(), Clock, _lifetime.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void ThrowIfFaulted()
    {
        if (_fault is { } fault)
        {
            throw new DeviceStreamException(fault.Message, fault);
        }
    }
}
