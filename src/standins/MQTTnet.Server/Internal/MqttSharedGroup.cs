namespace MQTTnet.Server;

/// <summary>The sessions that share one filter under one share name; each message goes to one of them.</summary>
internal sealed class MqttSharedGroup(string shareName)
{
    private int _next = -1;

    public string ShareName { get; } = shareName;

    /// <summary>Replaced as a whole under the index's lock, read without one.</summary>
    public MqttSubscription[] Members { get; set; } = [];

    /// <summary>The next connected member in turn, else the next one whose session waits; null where there is none.</summary>
    public MqttSubscription? Choose()
    {
        var members = Members;
        var start = (uint)Interlocked.Increment(ref _next);
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[(start + (uint)i) % (uint)members.Length];
            if (member.Session.IsConnected)
            {
                return member;
            }
        }

        return members.Length == 0 ? null : members[start % (uint)members.Length];
    }
}
