using System.Collections.Concurrent;
using EcgStream.Client.Streaming;
using EcgStream.Client.Subscriptions;
using Grpc.Net.Client;

namespace EcgStream.Simulator.Replay;

/// <summary>
/// Follows the daemon's results and gives each to the record whose session it belongs to. It asks for stored results too, so none is missed that
/// came before the subscription stood; results of other sessions are passed over.
/// </summary>
internal sealed class ResultCollector : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ulong, RecordResults> _sessions = new();
    private readonly CancellationTokenSource _lifetime = new();
    private readonly GrpcChannel _channel;
    private readonly TimeProvider _clock;
    private readonly Task _reading;
    private volatile string? _fault;

    public ResultCollector(StreamEndpoint endpoint, IReadOnlyCollection<string> deviceIds, TimeSpan connectTimeout, TimeProvider clock)
    {
        _clock = clock;
        _channel = GrpcChannels.Open(endpoint);
        _reading = ReadAsync(new ResultSubscription(_channel, 0, deviceIds, connectTimeout, clock), endpoint);
    }

    /// <summary>Why no more results will come; null as long as they may.</summary>
    public string? Fault => _fault;

    /// <summary>Begins to collect for a session; its clock runs from now.</summary>
    public RecordResults Expect(ulong sessionId)
    {
        var results = new RecordResults(_clock);
        return _sessions.TryAdd(sessionId, results) ? results : throw new ArgumentException("The session is collected already.", nameof(sessionId));
    }

    public void Forget(ulong sessionId) => _sessions.TryRemove(sessionId, out _);

    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        await _reading;
        _channel.Dispose();
        _lifetime.Dispose();
    }

    private async Task ReadAsync(ResultSubscription subscription, StreamEndpoint endpoint)
    {
        try
        {
            await foreach (var next in subscription.ReadAsync(_lifetime.Token))
            {
                if (next.Result is { } result && _sessions.TryGetValue(result.SessionId, out var results))
                {
                    results.Add(result);
                }
            }
        }
        catch (OperationCanceledException) when (_lifetime.IsCancellationRequested)
        {
            // The replay is over.
        }
        catch (DeviceStreamException error)
        {
            _fault = $"no results from {endpoint}: {error.Message}";
            foreach (var results in _sessions.Values)
            {
                results.Poke();
            }
        }
    }
}
