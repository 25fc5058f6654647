namespace MQTTnet.Server;

/// <summary>Payload bytes that wait in all clients' queues together. Any thread; a few messages beyond the limit may slip in at once.</summary>
internal sealed class MqttQueueBudget(long maximumBytes)
{
    private long _bytes;

    public bool IsSpent => Volatile.Read(ref _bytes) >= maximumBytes;

    public void Take(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void GiveBack(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
