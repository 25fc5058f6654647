using System.Collections;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>Client ids, their sessions and connections, and what time does to them.</summary>
public partial class MqttServer
{
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TakeOverPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly MqttQueueBudget _queueBudget = new(MqttServerLimits.MaximumQueuedBytes);
    private readonly Dictionary<string, MqttServerSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MqttConnection> _clients = new(StringComparer.Ordinal);

    public Task DisconnectClientAsync(string id, MqttServerClientDisconnectOptions options)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(options);
        ThrowIfNotStarted();
        MqttConnection? connection;
        lock (_gate)
        {
            if (!_clients.TryGetValue(id, out connection))
            {
                throw new InvalidOperationException("No client with this id is connected.");
            }
        }

        return DisconnectAsync(connection, options);
    }

    public Task<IList<MqttClientStatus>> GetClientsAsync()
    {
        ThrowIfNotStarted();
        IList<MqttClientStatus> clients = [.. GetConnections().Where(c => c.Session is not null).Select(c => new MqttClientStatus(this, c))];
        return Task.FromResult(clients);
    }

    public Task<IList<MqttSessionStatus>> GetSessionsAsync()
    {
        ThrowIfNotStarted();
        lock (_gate)
        {
            return Task.FromResult<IList<MqttSessionStatus>>([.. _sessions.Values.Select(s => new MqttSessionStatus(this, s))]);
        }
    }

    public Task SubscribeAsync(string clientId, ICollection<MqttTopicFilter> topicFilters)
    {
        ArgumentNullException.ThrowIfNull(topicFilters);
        var session = FindSession(clientId);
        foreach (var filter in topicFilters)
        {
            if (!MqttTopicRules.IsValidFilter(filter.Topic))
            {
                throw new Exceptions.MqttProtocolViolationException("A topic filter is not valid.");
            }

            SendRetained(session, filter.Topic, Subscribe(session, filter, filter.QualityOfServiceLevel, 0));
        }

        return Task.CompletedTask;
    }

    public Task UnsubscribeAsync(string clientId, ICollection<string> topicFilters)
    {
        ArgumentNullException.ThrowIfNull(topicFilters);
        var session = FindSession(clientId);
        foreach (var filter in topicFilters)
        {
            Unsubscribe(session, filter);
        }

        return Task.CompletedTask;
    }

    internal static async Task DisconnectAsync(MqttConnection connection, MqttServerClientDisconnectOptions options)
    {
        connection.Close((byte)options.ReasonCode, null, options);
        await connection.Finished.ConfigureAwait(false);
    }

    /// <summary>Makes the connection the one of its client id: an earlier one is cut and waited for first.</summary>
    internal async Task<(MqttServerSession Session, bool IsPresent)> OpenSessionAsync(MqttConnection connection, IDictionary items)
    {
        var connect = connection.Connect;
        MqttConnection? previous;
        lock (_gate)
        {
            _clients.TryGetValue(connect.ClientId, out previous);
            _clients[connect.ClientId] = connection;
        }

        if (previous is not null)
        {
            try
            {
                // A client that said goodbye on its old connection and is back already: what it said stands unread in another socket.
                await previous.Finished.WaitAsync(GoodbyePatience).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                previous.CloseTakenOver();
            }

            try
            {
                await previous.Finished.WaitAsync(TakeOverPatience, Clock).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                Log.Warning("A connection that was taken over did not end in time.");
            }
        }

        MqttServerSession? session;
        lock (_gate)
        {
            _sessions.TryGetValue(connect.ClientId, out session);
        }

        if (session is not null && (connect.CleanSession || HasExpired(session)))
        {
            await DeleteSessionAsync(session).ConfigureAwait(false);
            session = null;
        }

        var isPresent = session is not null;
        if (session is null)
        {
            session = new MqttServerSession(connect.ClientId, items, Options, _queueBudget, Clock);
            lock (_gate)
            {
                _sessions[connect.ClientId] = session;
            }
        }
        else
        {
            session.DelayedWill = null;
            foreach (DictionaryEntry item in items)
            {
                session.Items[item.Key] = item.Value;
            }
        }

        session.UserName = connect.Username;
        session.ExpirySeconds = LimitExpiry(
            connect.ProtocolVersion == MqttProtocolVersion.V500 ? connect.Properties?.SessionExpiryInterval ?? 0 : connect.CleanSession ? 0 : uint.MaxValue);
        return (session, isPresent);
    }

    internal uint LimitExpiry(uint seconds) => Options.EnablePersistentSessions ? Math.Min(seconds, MqttServerLimits.MaximumSessionExpirySeconds) : 0;

    internal void Forget(MqttConnection connection)
    {
        lock (_gate)
        {
            if (_clients.TryGetValue(connection.Connect.ClientId, out var current) && current == connection)
            {
                _clients.Remove(connection.Connect.ClientId);
            }
        }
    }

    internal async Task OnConnectionEndedAsync(MqttConnection connection, bool isOwner, MqttWill? will)
    {
        Forget(connection);
        var session = connection.Session;
        if (!isOwner)
        {
            return;
        }

        var delaySeconds = Math.Min(will?.DelaySeconds ?? 0, session.ExpirySeconds);
        if (will is not null)
        {
            if (delaySeconds == 0)
            {
                await PublishWillAsync(session, will).ConfigureAwait(false);
            }
            else
            {
                session.DelayedWill = (will, Clock.GetTimestamp());
            }
        }

        if (session.ExpirySeconds == 0)
        {
            await DeleteSessionAsync(session).ConfigureAwait(false);
        }
    }

    internal async Task DeleteSessionAsync(MqttServerSession session)
    {
        lock (_gate)
        {
            if (session.IsDeleted)
            {
                return;
            }

            session.IsDeleted = true;
            session.DropQueue();
            if (_sessions.TryGetValue(session.Id, out var current) && current == session)
            {
                _sessions.Remove(session.Id);
            }
        }

        List<string> filters;
        lock (session.Subscriptions)
        {
            filters = [.. session.Subscriptions.Keys];
        }

        filters.ForEach(filter => Unsubscribe(session, filter));
        if (session.DelayedWill is { } delayed)
        {
            session.DelayedWill = null;
            await PublishWillAsync(session, delayed.Will).ConfigureAwait(false);
        }

        await RaiseAsync(SessionDeletedEvent, new SessionDeletedEventArgs(session.Id, session.UserName, session.Items)).ConfigureAwait(false);
    }

    internal List<MqttConnection> GetConnections()
    {
        lock (_gate)
        {
            return [.. _clients.Values];
        }
    }

    private MqttServerSession FindSession(string clientId)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        ThrowIfNotStarted();
        lock (_gate)
        {
            return _sessions.TryGetValue(clientId, out var session) ? session : throw new InvalidOperationException("There is no session of this client id.");
        }
    }

    private void ForgetSessions()
    {
        lock (_gate)
        {
            foreach (var session in _sessions.Values)
            {
                foreach (var filter in session.Subscriptions.Keys.ToList())
                {
                    Unsubscribe(session, filter);
                }
            }

            _sessions.Clear();
            _clients.Clear();
        }
    }

    private async Task PublishWillAsync(MqttServerSession session, MqttWill will)
    {
        var message = will.ToMessage();
        if (InterceptingPublishEvent.HasHandlers)
        {
            var args = new InterceptingPublishEventArgs(message, session.Id, session.UserName, session.Items, CancellationToken.None);
            try
            {
                await InterceptingPublishEvent.InvokeAsync(args).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                Log.Error("A handler of InterceptingPublishAsync failed on a last will; it is not published.", exception);
                return;
            }

            if (!args.ProcessPublish || args.ApplicationMessage is null)
            {
                return;
            }

            message = args.ApplicationMessage;
        }

        Dispatch(session.Id, message);
    }

    private async Task KeepHouseAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Options.KeepAliveOptions.MonitorInterval, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                CutSilentClients();
                await ExpireSessionsAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void CutSilentClients()
    {
        foreach (var connection in GetConnections())
        {
            // One and a half times the keep-alive (3.1.2.10); a client in the middle of a large packet gets four times.
            var factor = connection.IsInsidePacket && !Options.KeepAliveOptions.DisconnectClientWhenReadingPayload ? 4 : 1.5;
            var limit = TimeSpan.FromSeconds(connection.KeepAliveSeconds * factor);
            if (connection.IsInsidePacket && !connection.IsHeldBack
                && Clock.GetElapsedTime(connection.InsidePacketTimestamp) > MqttServerLimits.MaximumPacketTime)
            {
                connection.Close((byte)MqttDisconnectReasonCode.KeepAliveTimeout, $"A packet took longer than {MqttServerLimits.MaximumPacketTime.TotalSeconds} s.");
            }
            else if (limit > TimeSpan.Zero && !connection.IsHeldBack && Clock.GetElapsedTime(connection.LastPacketTimestamp) > limit)
            {
                connection.Close((byte)MqttDisconnectReasonCode.KeepAliveTimeout, "Nothing was received for one and a half keep-alive periods.");
            }
        }
    }

    private bool HasExpired(MqttServerSession session) =>
        session is { IsConnected: false, Disconnected: not null } && Clock.GetElapsedTime(session.DisconnectedTimestamp).TotalSeconds >= session.ExpirySeconds;

    private async Task ExpireSessionsAsync()
    {
        List<MqttServerSession> waiting;
        lock (_gate)
        {
            waiting = [.. _sessions.Values.Where(s => !s.IsConnected && s.Disconnected is not null)];
        }

        if (waiting.Count > MqttServerLimits.MaximumSessionsAway)
        {
            foreach (var session in waiting.OrderBy(s => s.DisconnectedTimestamp).Take(waiting.Count - MqttServerLimits.MaximumSessionsAway))
            {
                await DeleteSessionAsync(session).ConfigureAwait(false);
            }

            Log.Warning($"More than {MqttServerLimits.MaximumSessionsAway} sessions waited for clients that are away; those away longest were ended.");
        }

        foreach (var session in waiting)
        {
            if (session.DelayedWill is { } delayed && Clock.GetElapsedTime(delayed.SinceTimestamp).TotalSeconds >= delayed.Will.DelaySeconds)
            {
                session.DelayedWill = null;
                await PublishWillAsync(session, delayed.Will).ConfigureAwait(false);
            }

            if (HasExpired(session))
            {
                await DeleteSessionAsync(session).ConfigureAwait(false);
            }
        }
    }
}
