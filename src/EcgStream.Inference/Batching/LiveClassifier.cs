using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace EcgStream.Inference.Batching;

/// <summary>
/// The classifier of one model, and another in its place when it fails: at once, then with growing pauses. A new one is on trial until it has
/// answered a batch, for a session can be opened on a device that runs nothing.
/// </summary>
internal sealed class LiveClassifier : IAsyncDisposable
{
    private readonly IModelSource _source;
    private readonly ILogger _log;
    private readonly string _name;
    private readonly ResiliencePipeline _backOff;
    private readonly CancellationTokenSource _stop = new();
    private volatile IBatchClassifier? _current;
    private volatile string? _fault;
    private volatile string? _gpuFault;
    private IBatchClassifier? _failed;
    private TaskCompletionSource? _trial;
    private Task _rebuild = Task.CompletedTask;
    private ManualResetEventSlim _tried = new();
    private volatile string _device;
    private volatile bool _down;
    private long _reloads;

    public LiveClassifier(IBatchClassifier first, IModelSource source, InferenceOptions options, TimeProvider clock, ILogger log)
    {
        (_current, _source, _log, _name) = (first, source, log, first.Identity.Name);
        _device = first.Device;
        _backOff = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(fault => fault is not OperationCanceledException),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.ReloadDelay,
                MaxDelay = options.MaxReloadDelay,
                OnRetry = args =>
                {
                    _fault = args.Outcome.Exception!.Message;
                    _down = true;
                    InferenceLog.ReloadLater(_log, _name, args.RetryDelay, args.Outcome.Exception.Message);
                    _tried.Set();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Null while there is none that can be used.</summary>
    public IBatchClassifier? Current => _current;

    /// <summary>Where the model runs, or last ran.</summary>
    public string Device => _device;

    /// <summary>Why it does not answer; null when it does.</summary>
    public string? Fault => _fault;

    /// <summary>Why it has left the GPU; null when it has not.</summary>
    public string? GpuFault => _gpuFault;

    /// <summary>How often another classifier has taken the place of one that failed.</summary>
    public long Reloads => Interlocked.Read(ref _reloads);

    /// <summary>Attempts have begun to be spaced out: until the next one there is nothing to give windows to.</summary>
    public bool IsDown => _down;

    /// <summary>The current classifier has answered a batch. The batch thread only.</summary>
    public void Answered()
    {
        if (_trial is { } trial)
        {
            (_trial, _fault) = (null, null);
            trial.TrySetResult();
        }
    }

    /// <summary>The current classifier has failed on a batch and is out of use from here on. The batch thread only.</summary>
    /// <returns>Whether another one is there to try the same batch on.</returns>
    public bool TryReplace(Exception fault)
    {
        var failed = _current!;
        _fault = fault.Message;
        (_failed, _current) = (failed, null);
        if (failed.Device != "cpu")
        {
            _gpuFault = fault.Message;
            InferenceLog.LeftGpu(_log, fault, _name);
        }

        if (_trial is { } trial)
        {
            _trial = null;
            trial.TrySetException(fault);
            return false;
        }

        var tried = _tried = new ManualResetEventSlim();
        _rebuild = Task.Run(() => RebuildAsync(tried));
        tried.Wait();
        return _current is not null;
    }

    /// <summary>May be called again, as a host does that knows the engine under two names.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _rebuild;
        var last = _current;
        _current = null;
        last?.Dispose();
    }

    /// <param name="tried">Of this failure: the field may be the next one's by the time this ends.</param>
    private async Task RebuildAsync(ManualResetEventSlim tried)
    {
        try
        {
            await _backOff.ExecuteAsync(async stop => await TryAsync(stop), _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
        finally
        {
            tried.Set();
        }
    }

    private async Task TryAsync(CancellationToken stop)
    {
        var next = _source.Replace(Interlocked.Exchange(ref _failed, null));
        var trial = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Increment(ref _reloads);
        _device = next.Device;
        _trial = trial;
        _current = next;
        _down = false;
        _tried.Set();
        await trial.Task.WaitAsync(stop);
    }
}
