using System.Diagnostics.Metrics;
using EcgStream.Core.Alarms;

namespace EcgStream.Daemon.Alarms;

/// <summary>Instruments of the alarms; totals can also be read, for the monitor service. No tag names a device.</summary>
public sealed class AlarmMetrics
{
    private readonly Counter<long> _transitions;
    private readonly Counter<long> _deferred;
    private readonly Counter<long> _journalFailures;
    private readonly Counter<long> _givenUp;
    private readonly Counter<long> _publisherFailures;
    private readonly Counter<long> _publisherParked;
    private readonly Histogram<double> _decided;
    private readonly Histogram<double> _ingested;
    private readonly Meter _meter;
    private long _transitionTotal;
    private long _deferredTotal;
    private long _failureTotal;

    public AlarmMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create("EcgStream");
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] };
        _transitions = _meter.CreateCounter<long>("ecg.alarm.transitions", "{transition}", "Transitions published, by condition and transition");
        _deferred = _meter.CreateCounter<long>("ecg.alarm.deferred", "{input}", "Inputs not judged because the device's last transition found no room");
        _journalFailures = _meter.CreateCounter<long>("ecg.alarm.journal.failures", "{append}", "Appends to the alarm journal that failed and were tried again");
        _givenUp = _meter.CreateCounter<long>("ecg.alarm.unstored", "{transition}", "Transitions that were published and will never be stored, because too many waited");
        _publisherFailures = _meter.CreateCounter<long>("ecg.alarm.publisher.failures", "{attempt}", "Attempts of a publisher that failed and were tried again");
        _publisherParked = _meter.CreateCounter<long>(
            "ecg.alarm.publisher.parked", "{transition}",
            "Transitions that a publisher refused for good, kept with the reason");
        _decided = _meter.CreateHistogram("ecg.alarm.decide_to_publish", "s", "Decision of a rule to publication to subscribers", advice: advice);
        _ingested = _meter.CreateHistogram("ecg.alarm.ingest_to_publish", "s", "Ingest of the deciding chunk to publication to subscribers", advice: advice);
    }

    /// <summary>Transitions published since the start.</summary>
    public long TransitionTotal => Interlocked.Read(ref _transitionTotal);

    /// <summary>Inputs that were not judged because there was no room for transitions.</summary>
    public long DeferredTotal => Interlocked.Read(ref _deferredTotal);

    /// <summary>Appends that failed and were tried again.</summary>
    public long JournalFailureTotal => Interlocked.Read(ref _failureTotal);

    internal void Published(AlarmTransitionRecord record, TimeSpan sinceDecision, TimeSpan? sinceIngest)
    {
        Interlocked.Increment(ref _transitionTotal);
        _transitions.Add(
            1,
            new KeyValuePair<string, object?>("condition", record.Condition.Tag()),
            new KeyValuePair<string, object?>("transition", record.Transition.Tag()));
        _decided.Record(sinceDecision.TotalSeconds);
        if (sinceIngest is { } ingest)
        {
            _ingested.Record(ingest.TotalSeconds);
        }
    }

    internal void InputDeferred()
    {
        Interlocked.Increment(ref _deferredTotal);
        _deferred.Add(1);
    }

    internal void JournalFailed()
    {
        Interlocked.Increment(ref _failureTotal);
        _journalFailures.Add(1);
    }

    internal void GivenUp(int transitions) => _givenUp.Add(transitions);

    internal void PublisherFailed(string publisher) => _publisherFailures.Add(1, new KeyValuePair<string, object?>("publisher", publisher));

    internal void PublisherParked(string publisher) =>
        _publisherParked.Add(1, new KeyValuePair<string, object?>("publisher", publisher));

    internal void Observe(AlarmQueue queue) =>
        _meter.CreateObservableGauge("ecg.alarm.queue.depth", () => queue.Depth, "{transition}", "Transitions that wait to be published");
}
