using System.Text.Json;
using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Core.Exceptions;
using InfluxDB.Client.Internal;

namespace InfluxDB.Client;

/// <summary>A client of one server. Any thread; one instance serves the whole process.</summary>
public class InfluxDBClient : IDisposable
{
    private readonly InfluxDBClientOptions _options;
    private readonly InfluxTransport _transport;

    /// <summary>The clock of the background writer's pauses.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    public InfluxDBClient(InfluxDBClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _transport = new InfluxTransport(options);
    }

    public InfluxDBClient(string url)
        : this(new InfluxDBClientOptions(url))
    {
    }

    public InfluxDBClient(string url, string token)
        : this(new InfluxDBClientOptions(url) { Token = token })
    {
    }

    public WriteApiAsync GetWriteApiAsync() => new(_options, _transport);

    /// <summary>A writer that gathers and repeats in the background. The caller disposes of it before the client.</summary>
    public WriteApi GetWriteApi() => GetWriteApi(new WriteOptions());

    public WriteApi GetWriteApi(WriteOptions writeOptions)
    {
        ArgumentNullException.ThrowIfNull(writeOptions);
        return new WriteApi(_options, _transport, writeOptions, Clock);
    }

    public QueryApi GetQueryApi() => new(_options, _transport);

    /// <summary>Compresses the bodies of writes from now on.</summary>
    public InfluxDBClient EnableGzip()
    {
        _transport.Gzip = true;
        return this;
    }

    public InfluxDBClient DisableGzip()
    {
        _transport.Gzip = false;
        return this;
    }

    public bool IsGzipEnabled() => _transport.Gzip;

    /// <returns>Whether the server answers; why it does not is not told.</returns>
    public async Task<bool> PingAsync()
    {
        try
        {
            using var response = await _transport.SendAsync(HttpMethod.Get, "ping", null, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (InfluxException)
        {
            return false;
        }
    }

    /// <returns>What the server says of itself; a failure to ask it is a check that failed.</returns>
    [Obsolete("This method is obsolete. Call 'PingAsync()' instead.")]
    public async Task<HealthCheck> HealthAsync()
    {
        try
        {
            using var response = await _transport.SendAsync(HttpMethod.Get, "health", null, CancellationToken.None).ConfigureAwait(false);
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false));
            string? Text(string name) => body.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
            return new HealthCheck(
                Text("name") ?? "influxdb", Text("message"), Text("status") == "pass" ? HealthCheck.StatusEnum.Pass : HealthCheck.StatusEnum.Fail, Text("version"));
        }
        catch (Exception fault) when (fault is InfluxException or JsonException or InvalidOperationException)
        {
            return new HealthCheck("influxdb", fault.Message, HealthCheck.StatusEnum.Fail);
        }
    }

    /// <returns>Whether the server says that it is ready for queries and writes, and since when; null where it cannot be asked.</returns>
    public async Task<Ready?> ReadyAsync()
    {
        try
        {
            using var response = await _transport.SendAsync(HttpMethod.Get, "ready", null, CancellationToken.None).ConfigureAwait(false);
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false));
            var root = body.RootElement;
            return new Ready(
                root.TryGetProperty("status", out var status) && status.GetString() == "ready" ? Ready.StatusEnum.Ready : null,
                root.TryGetProperty("started", out var started) && started.TryGetDateTime(out var time) ? time : null,
                root.TryGetProperty("up", out var up) ? up.GetString() : null);
        }
        catch (Exception fault) when (fault is InfluxException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _transport.Dispose();
        }
    }
}
