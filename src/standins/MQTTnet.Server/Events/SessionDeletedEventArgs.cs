using System.Collections;

namespace MQTTnet.Server;

public sealed class SessionDeletedEventArgs : EventArgs
{
    internal SessionDeletedEventArgs(string id, string? userName, IDictionary sessionItems)
    {
        Id = id;
        UserName = userName;
        SessionItems = sessionItems;
    }

    public string Id { get; }

    public IDictionary SessionItems { get; }

    public string? UserName { get; }
}
