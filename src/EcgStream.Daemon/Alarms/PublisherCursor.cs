namespace EcgStream.Daemon.Alarms;

/// <summary>
/// Brings one publisher's cursor into the store, the newest that it is told, one write at a time: publishing never
/// waits for the disk. A write that fails is tried again. Any thread.
/// </summary>
internal sealed class PublisherCursor(
    string publisher, IPublicationStore store, AlarmEngineOptions options, TimeProvider clock, ILogger log)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _writing = Task.CompletedTask;
    private ulong _wanted;
    private ulong _written;
    private bool _failed;

    /// <summary>Where to go on: behind what the store has, or behind <paramref name="start"/> the first time.</summary>
    public ulong Begin(ulong start)
    {
        ulong? known = null;
        try
        {
            known = store.Read(publisher);
        }
#pragma warning disable CA1031 // Live alarms are handed on whatever the disk does.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            AlarmLog.PublisherCursorFailed(log, fault, publisher);
            return _wanted = _written = start;
        }

        _wanted = _written = known ?? start;
        if (known is null)
        {
            _written = ulong.MaxValue; // so that a crash before the first transition does not lose it
            Note(start);
        }

        return _wanted;
    }

    /// <summary>The publisher is done with everything up to a cursor.</summary>
    public void Note(ulong cursor)
    {
        lock (_gate)
        {
            _wanted = cursor;
            if (_wanted != _written && _writing.IsCompleted)
            {
                _writing = Task.Run(WriteAsync);
            }
        }
    }

    /// <summary>Waits for the write that is under way, which a disk that hangs may hold up for ever.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _writing.WaitAsync(options.DrainLimit, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stop.Dispose();

    private async Task WriteAsync()
    {
        while (true)
        {
            ulong next;
            lock (_gate)
            {
                next = _wanted;
                if (next == _written)
                {
                    // Under the lock: whoever notes a later one finds this over.
                    _writing = Task.CompletedTask;
                    return;
                }
            }

            try
            {
                store.Write(publisher, next);
                _written = next;
                _failed = false;
            }
#pragma warning disable CA1031 // Twice after a crash is better than never.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                if (!_failed)
                {
                    _failed = true;
                    AlarmLog.PublisherCursorFailed(log, fault, publisher);
                }

                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                await Task.Delay(options.RetryDelayLimit, clock, _stop.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
