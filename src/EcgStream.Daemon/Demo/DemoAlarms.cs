using System.Collections.Concurrent;
using EcgStream.Client.Subscriptions;
using EcgStream.Core.Time;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Demo;

/// <summary>Follows the alarms as a clinician's program would, prints each transition and counts what was raised for whom.</summary>
internal sealed class DemoAlarms(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, SortedDictionary<string, int>> _raised = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private long _transitions;

    public long Transitions => Interlocked.Read(ref _transitions);

    /// <summary>Patient alarms that were raised, by condition, for one device.</summary>
    public IReadOnlyDictionary<string, int> RaisedFor(string deviceId) => _raised.GetValueOrDefault(deviceId) ?? [];

    public async Task FollowAsync(AlertSubscription alarms, CancellationToken cancellation)
    {
        try
        {
            await foreach (var alarm in alarms.ReadAsync(cancellation))
            {
                var second = (UnixTime.FromUnixNs((long)alarm.EventUnixNs) - _began).TotalSeconds;
                await Console.Error.WriteLineAsync(FormattableString.Invariant($"{second,6:0.0} s  {alarm.DeviceId,-15} {alarm.Transition,-12} {alarm.Message}"));
                if (alarm.Transition == AlarmTransition.Raised && alarm.Kind == AlarmKind.Patient)
                {
                    var conditions = _raised.GetOrAdd(alarm.DeviceId, static _ => new SortedDictionary<string, int>(StringComparer.Ordinal));
                    var name = alarm.Condition.ToString();
                    conditions[name] = conditions.GetValueOrDefault(name) + 1;
                }

                Interlocked.Increment(ref _transitions);
            }
        }
        catch (OperationCanceledException)
        {
            // The demo is over.
        }
    }
}
