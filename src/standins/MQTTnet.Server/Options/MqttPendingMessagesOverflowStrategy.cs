namespace MQTTnet.Server;

/// <summary>What happens to a message for a client whose queue is full. The event ApplicationMessageEnqueuedOrDroppedAsync tells of each loss.</summary>
public enum MqttPendingMessagesOverflowStrategy
{
    DropOldestQueuedMessage = 0,
    DropNewMessage = 1,
}
