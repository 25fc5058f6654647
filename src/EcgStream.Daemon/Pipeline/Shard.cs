using System.Threading.Channels;
using EcgStream.Core.Sessions;
using EcgStream.Daemon.Ingest;
using EcgStream.Daemon.Supervision;

namespace EcgStream.Daemon.Pipeline;

/// <summary>
/// One bounded queue of chunks and the one loop that reads it. A place is reserved before a chunk is admitted to it and to the journal; while
/// there is none, the devices wait.
/// </summary>
internal sealed class Shard : IDisposable
{
    private readonly Channel<ShardItem> _queue;
    private readonly SemaphoreSlim _places;
    private readonly DeviceStreamFactory _streams;
    private readonly PipelineMetrics _metrics;
    private readonly ILogger _log;
    private readonly SignalWorkspace _workspace;
    private readonly TimeProvider _clock;
    private readonly HashSet<DeviceEntry> _devices = [];
    private readonly ProgressMeter _progress;

    public Shard(int number, int capacity, DeviceStreamFactory streams, PipelineMetrics metrics, TimeProvider clock, ILogger log)
    {
        Number = number;
        Capacity = capacity;
        _streams = streams;
        _metrics = metrics;
        _log = log;
        _clock = clock;
        _progress = new ProgressMeter(clock);
        _workspace = streams.NewWorkspace();
        _places = new SemaphoreSlim(capacity, capacity);
        _queue = Channel.CreateBounded<ShardItem>(new BoundedChannelOptions(capacity)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
    }

    public int Number { get; }

    public int Capacity { get; }

    /// <summary>Chunks that are reserved for or wait in the queue.</summary>
    public int Depth => Capacity - _places.CurrentCount;

    /// <summary>Waits for a place; whoever has one posts or gives it back.</summary>
    public ValueTask ReserveAsync(CancellationToken cancellation) =>
        _places.Wait(0, CancellationToken.None) ? ValueTask.CompletedTask : new ValueTask(_places.WaitAsync(cancellation));

    /// <summary>Gives back a place that will not be used.</summary>
    public void GiveBack() => _places.Release();

    /// <summary>Queues a chunk under a reserved place; the shard owns it from here.</summary>
    public void Post(ChunkTicket chunk)
    {
        if (!_queue.Writer.TryWrite(new ShardItem(chunk, null)))
        {
            // Only after Complete: if the chunk is journaled it comes back with the replay at the next start, otherwise the device sends it again.
            chunk.Release();
            _places.Release();
        }
    }

    /// <summary>Lets go of a forgotten device, in order after its chunks.</summary>
    public async ValueTask ForgetAsync(DeviceEntry device, CancellationToken cancellation)
    {
        await ReserveAsync(cancellation);
        if (!_queue.Writer.TryWrite(new ShardItem(null, device)))
        {
            _places.Release();
        }
    }

    /// <summary>Lets every session give up on what never came; about once a second. Skipped while the queue is full: chunks come then.</summary>
    public void Poll()
    {
        if (_places.Wait(0, CancellationToken.None) && !_queue.Writer.TryWrite(default))
        {
            _places.Release();
        }
    }

    /// <summary>Takes no more chunks; the loop ends when the queue is empty.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>The loop. It ends after <see cref="Complete"/> and never throws: a fault costs the one chunk it happened in, counted.</summary>
    public async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out var item))
            {
                try
                {
                    Handle(item);
                }
#pragma warning disable CA1031 // The loop is the only one that its devices have.
                catch (Exception fault)
#pragma warning restore CA1031
                {
                    Count(fault);
                }
                finally
                {
                    _places.Release();
                    _progress.Advance();
                }
            }
        }
    }

    /// <summary>Why the loop does not get on. It has something to do at least each second: the poll.</summary>
    public string? DescribeStuck() => _progress.Describe(FormattableString.Invariant($"Shard {Number}"), IStageProgress.Limit);

    public void Dispose() => _places.Dispose();

    private void Handle(in ShardItem item)
    {
        if (item.Chunk is { } chunk)
        {
            Process(chunk);
        }
        else if (item.Forget is { } forgotten)
        {
            _devices.Remove(forgotten);
            var stream = forgotten.Stream;
            forgotten.Stream = null;
            stream?.Forget();
        }
        else
        {
            var now = _clock.GetTimestamp();
            foreach (var device in _devices)
            {
                Poll(device, now);
            }
        }
    }

    private void Process(ChunkTicket chunk)
    {
        try
        {
            var device = chunk.Device;
            if (device.Stream is null)
            {
                device.Stream = _streams.Create(device, _workspace);
                _devices.Add(device);
            }

            device.Stream.Process(chunk);
        }
#pragma warning disable CA1031 // One device's fault must not stop the other devices of the shard.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Count(fault);
        }
        finally
        {
            chunk.Release();
        }
    }

    private void Poll(DeviceEntry device, long now)
    {
        try
        {
            device.Stream?.Poll(now);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Count(fault);
        }
    }

    private void Count(Exception fault)
    {
        _metrics.ChunkFaulted();
        ShardLog.ChunkFaulted(_log, fault, Number);
    }

    /// <summary>A chunk, a device to forget, or neither: a poll.</summary>
    private readonly record struct ShardItem(ChunkTicket? Chunk, DeviceEntry? Forget);
}
