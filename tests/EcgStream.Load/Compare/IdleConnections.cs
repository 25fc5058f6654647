using System.Net.Sockets;

namespace EcgStream.Load.Compare;

/// <summary>Connections that stay open and say nothing.</summary>
internal sealed class IdleConnections : IDisposable
{
    private readonly List<Socket> _sockets = [];

    public int Count => _sockets.Count;

    /// <summary>Connections that the server has closed meanwhile.</summary>
    public int Lost => _sockets.Count(socket => socket.Poll(0, SelectMode.SelectRead));

    /// <summary>As many as asked, or as the system's limits allow.</summary>
    public static async Task<IdleConnections> OpenAsync(int port, int count)
    {
        var idle = new IdleConnections();
        foreach (var part in Enumerable.Range(0, count).Chunk(100))
        {
            idle._sockets.AddRange(await Task.WhenAll(part.Select(i => MqttLoad.ConnectAsync(port, $"idle-{i}"))));
        }

        return idle;
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
}
