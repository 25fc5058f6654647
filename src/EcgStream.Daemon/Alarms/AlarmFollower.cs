using EcgStream.Daemon.Feeds;
using EcgStream.Protocol.V1;
using Polly;
using Polly.Retry;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// Hands one publisher every transition after its durable cursor, in order. While the other system is away the same one
/// is tried again, however long it takes. One that is refused is set aside, and with it those of the same device, whose
/// order matters; the other devices go on. After <see cref="AlarmEngineOptions.PublisherTries"/> it is parked in the
/// store with the reason. The cursor stays behind what is set aside, so that after a crash it is tried again. One
/// caller.
/// </summary>
internal sealed class AlarmFollower : IDisposable
{
    /// <summary>Transitions that may be set aside; beyond them the oldest is parked without further tries.</summary>
    private const int MostAside = 1000;

    private readonly IAlarmPublisher _publisher;
    private readonly IPublicationStore _store;
    private readonly CursorFeed<AlarmEvent> _feed;
    private readonly AlarmMetrics _metrics;
    private readonly AlarmEngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ResiliencePipeline<PublishOutcome> _whileUnavailable;
    private readonly PublisherCursor _cursor;
    private readonly List<Aside> _aside = [];
    private ulong? _handedOn;
    private volatile string? _refusal;

    public AlarmFollower(
        IAlarmPublisher publisher, IPublicationStore store, CursorFeed<AlarmEvent> feed, AlarmMetrics metrics,
        AlarmEngineOptions options, TimeProvider clock, ILogger log)
    {
        (_publisher, _store, _feed, _metrics) = (publisher, store, feed, metrics);
        (_options, _clock, _log) = (options, clock, log);
        _cursor = new PublisherCursor(publisher.Name, store, options, clock, log);
        _whileUnavailable = WhileUnavailable();
    }

    public string Publisher => _publisher.Name;

    /// <summary>Why the last transition that was refused was; null when the last one was taken.</summary>
    public string? Refusal => _refusal;

    /// <summary>Follows until it is cancelled; may be called again after a fault, and goes on where it was.</summary>
    /// <param name="start">Where to begin when the publisher has no cursor yet.</param>
    public async Task RunAsync(ulong start, CancellationToken stop)
    {
        _handedOn ??= _cursor.Begin(start);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var transitions = _feed.ReadAsync(_handedOn.Value, reading.Token).GetAsyncEnumerator(reading.Token);
        var next = transitions.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                stop.ThrowIfCancellationRequested();
                if (!next.IsCompleted && _aside.Count > 0)
                {
                    await UntilDueAsync(next, stop);
                }

                await TryAgainAsync(stop);
                if (next.IsCompleted || _aside.Count == 0)
                {
                    await next;
                    await HandOnAsync(transitions.Current, stop);
                    next = transitions.MoveNextAsync().AsTask();
                }
            }
        }
        finally
        {
            // It may still wait for the next one, and must not be let go while it does.
            await reading.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await transitions.DisposeAsync();
        }
    }

    public Task StopAsync() => _cursor.StopAsync();

    public void Dispose() => _cursor.Dispose();

    private async Task HandOnAsync(AlarmEvent transition, CancellationToken stop)
    {
        if (_aside.Exists(earlier => earlier.Transition.DeviceId == transition.DeviceId))
        {
            SetAside(new Aside(transition));
        }
        else if (await PublishAsync(transition, stop) is { Kind: PublishKind.Refused } refused)
        {
            var aside = new Aside(transition);
            SetAside(aside);
            Refused(aside, refused.Reason);
        }

        _handedOn = transition.Cursor;
        NoteCursor();
    }

    /// <summary>Of each device the first that is set aside; those behind it when it is gone.</summary>
    private async Task TryAgainAsync(CancellationToken stop)
    {
        if (_aside.Count == 0)
        {
            return;
        }

        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var aside in _aside.ToArray())
        {
            var device = aside.Transition.DeviceId;
            if (held.Contains(device) || !aside.IsDue(_clock))
            {
                held.Add(device);
                continue;
            }

            var outcome = await PublishAsync(aside.Transition, stop);
            if (outcome.Kind == PublishKind.Taken)
            {
                _aside.Remove(aside);
            }
            else if (!Refused(aside, outcome.Reason))
            {
                held.Add(device);
            }
        }

        NoteCursor();
    }

    private async Task UntilDueAsync(Task next, CancellationToken stop)
    {
        var due = _aside.DistinctBy(aside => aside.Transition.DeviceId).Min(first => first.UntilDue(_clock));
        if (due > TimeSpan.Zero)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(next, Task.Delay(due, _clock, over.Token));
            await over.CancelAsync();
        }
    }

    private void SetAside(Aside aside)
    {
        _aside.Add(aside);
        if (_aside.Count > MostAside)
        {
            Park(_aside[0], "too many wait");
        }
    }

    /// <returns>True when it was parked, and so no longer holds up its device.</returns>
    private bool Refused(Aside aside, string reason)
    {
        _refusal = reason;
        _metrics.PublisherFailed(_publisher.Name);
        aside.Tries++;
        if (aside.Tries >= _options.PublisherTries)
        {
            return Park(aside, reason);
        }

        var delay = _options.RetryDelay * Math.Pow(2, aside.Tries - 1);
        aside.TryAgainAfter(delay < _options.RetryDelayLimit ? delay : _options.RetryDelayLimit, _clock);
        return false;
    }

    private bool Park(Aside aside, string reason)
    {
        try
        {
            _store.Park(_publisher.Name, aside.Transition, reason);
        }
#pragma warning disable CA1031 // It stays where it is and comes again: nothing is lost but time.
        catch (Exception fault) when (_aside.Count <= MostAside)
#pragma warning restore CA1031
        {
            AlarmLog.ParkFailed(_log, fault, _publisher.Name);
            aside.TryAgainAfter(_options.RetryDelayLimit, _clock);
            return false;
        }
#pragma warning disable CA1031 // As above, but there is no room: counted and told below, whatever the disk does.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            AlarmLog.ParkFailed(_log, fault, _publisher.Name);
        }

        _aside.Remove(aside);
        _metrics.PublisherParked(_publisher.Name);
        AlarmLog.PublisherParked(
            _log, _publisher.Name, aside.Transition.AlarmId, aside.Transition.Cursor, aside.Tries, reason);
        return true;
    }

    private void NoteCursor() =>
        _cursor.Note(_aside.Count == 0 ? _handedOn!.Value : _aside.Min(aside => aside.Transition.Cursor) - 1);

    private async Task<PublishOutcome> PublishAsync(AlarmEvent transition, CancellationToken stop)
    {
        var attempts = 0;
        var outcome = await _whileUnavailable.ExecuteAsync(
            async cancellation =>
            {
                attempts++;
                return await _publisher.PublishAsync(transition, cancellation);
            },
            stop);
        if (attempts > 1)
        {
            AlarmLog.PublisherRecovered(_log, _publisher.Name);
        }

        if (outcome.Kind == PublishKind.Taken)
        {
            _refusal = null;
        }

        return outcome;
    }

    /// <summary>Whatever a broker's client throws: the transition is kept and tried again.</summary>
    private ResiliencePipeline<PublishOutcome> WhileUnavailable()
    {
        var retry = new RetryStrategyOptions<PublishOutcome>
        {
            ShouldHandle = static tried => ValueTask.FromResult(
                tried.Outcome.Exception is null
                    ? tried.Outcome.Result.Kind == PublishKind.Unavailable
                    : !tried.Context.CancellationToken.IsCancellationRequested),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = _options.RetryDelay,
            MaxDelay = _options.RetryDelayLimit,
            OnRetry = tried =>
            {
                _metrics.PublisherFailed(_publisher.Name);
                if (tried.AttemptNumber == 0)
                {
                    AlarmLog.PublisherFailed(_log, tried.Outcome.Exception, _publisher.Name, tried.RetryDelay);
                }

                return default;
            },
        };
        return new ResiliencePipelineBuilder<PublishOutcome> { TimeProvider = _clock }.AddRetry(retry).Build();
    }

    private sealed class Aside(AlarmEvent transition)
    {
        private long _since;
        private TimeSpan _wait;

        public AlarmEvent Transition => transition;

        public int Tries { get; set; }

        public bool IsDue(TimeProvider clock) => UntilDue(clock) <= TimeSpan.Zero;

        public TimeSpan UntilDue(TimeProvider clock) =>
            _wait == TimeSpan.Zero ? TimeSpan.Zero : _wait - clock.GetElapsedTime(_since);

        public void TryAgainAfter(TimeSpan delay, TimeProvider clock) =>
            (_since, _wait) = (clock.GetTimestamp(), delay);
    }
}
