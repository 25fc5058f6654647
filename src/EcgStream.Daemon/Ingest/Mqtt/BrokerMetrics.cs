using System.Diagnostics.Metrics;
using MQTTnet.Server;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>What the embedded broker let in, cut, refused and lost. No tag names a client. Any thread.</summary>
internal sealed class BrokerMetrics
{
    private readonly Counter<long> _connected;
    private readonly Counter<long> _connectsRefused;
    private readonly Counter<long> _disconnected;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _publishesRefused;
    private readonly Counter<long> _subscriptionsRefused;
    private readonly Counter<long> _cut;
    private readonly Counter<long> _retained;
    private int _connections;

    public BrokerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("EcgStream");
        meter.CreateObservableUpDownCounter("ecg.mqtt.connections", () => _connections, "{connection}", "Clients that are connected to the embedded broker");
        _connected = meter.CreateCounter<long>("ecg.mqtt.connected", "{connection}", "Connections that were let in");
        _connectsRefused = meter.CreateCounter<long>("ecg.mqtt.connects_refused", "{connection}", "Connections that were not let in, by reason");
        _disconnected = meter.CreateCounter<long>("ecg.mqtt.disconnected", "{connection}", "Connections that ended, by how and by reason");
        _dropped = meter.CreateCounter<long>("ecg.mqtt.dropped", "{message}", "Messages lost because a subscriber's queue was full or its session away");
        _publishesRefused = meter.CreateCounter<long>("ecg.mqtt.publishes_refused", "{message}", "Publishes that were not let in, by reason; refused chunks included");
        _subscriptionsRefused = meter.CreateCounter<long>("ecg.mqtt.subscriptions_refused", "{subscription}", "Subscriptions that settings do not allow");
        _cut = meter.CreateCounter<long>("ecg.mqtt.cut", "{connection}", "Connections that the broker ended for what their clients did, by reason");
        _retained = meter.CreateCounter<long>("ecg.mqtt.retained", "{message}", "Retained messages on samples topics, which are old and not analysed");
    }

    public int Connections => Volatile.Read(ref _connections);

    public void Connected()
    {
        Interlocked.Increment(ref _connections);
        _connected.Add(1);
    }

    public void ConnectRefused(Enum reason) => _connectsRefused.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void Disconnected(MqttClientDisconnectType how, Enum? reason)
    {
        Interlocked.Decrement(ref _connections);
        _disconnected.Add(1, new("how", how.ToString()), new("reason", reason?.ToString() ?? "ConnectionLost"));
    }

    public void Dropped() => _dropped.Add(1);

    public void PublishRefused(Enum reason) => _publishesRefused.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void Cut(string reason) => _cut.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Retained() => _retained.Add(1);

    public void SubscriptionRefused() => _subscriptionsRefused.Add(1);
}
