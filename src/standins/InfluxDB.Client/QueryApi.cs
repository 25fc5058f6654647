using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using InfluxDB.Client.Core.Flux.Domain;
using InfluxDB.Client.Internal;

namespace InfluxDB.Client;

/// <summary>Flux queries. Answers are read as they come, one record in memory where the caller takes records.</summary>
public class QueryApi
{
    private readonly InfluxDBClientOptions _options;
    private readonly InfluxTransport _transport;

    internal QueryApi(InfluxDBClientOptions options, InfluxTransport transport)
    {
        _options = options;
        _transport = transport;
    }

    /// <summary>The whole answer, table by table.</summary>
    public async Task<List<FluxTable>> QueryAsync(string query, string? org = null, CancellationToken cancellationToken = default)
    {
        List<FluxTable> tables = [];
        await ReadAsync(
            query, org,
            (table, record) =>
            {
                if (tables.Count == 0 || tables[^1] != table)
                {
                    tables.Add(table);
                }

                table.Records.Add(record);
            },
            cancellationToken).ConfigureAwait(false);
        return tables;
    }

    /// <summary>Each record as it comes. What fails goes to <paramref name="onError"/> where there is one, else to the caller.</summary>
    public async Task QueryAsync(
        string query, Action<FluxRecord> onNext, Action<Exception>? onError = null, Action? onComplete = null, string? org = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(onNext);
        try
        {
            await ReadAsync(query, org, (_, record) => onNext(record), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (onError is not null && !cancellationToken.IsCancellationRequested)
        {
            onError(fault);
            return;
        }

        onComplete?.Invoke();
    }

    /// <summary>The answer's text, without annotations.</summary>
    public async Task<string> QueryRawAsync(string query, string? org = null, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(query, org, annotated: false, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadAsync(string query, string? org, Action<FluxTable, FluxRecord> take, CancellationToken cancellation)
    {
        using var response = await SendAsync(query, org, annotated: true, cancellation).ConfigureAwait(false);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var text = new StreamReader(body, Encoding.UTF8);
        var reader = new FluxCsvReader(text);
        while (reader.Read() is { } record)
        {
            cancellation.ThrowIfCancellationRequested();
            take(reader.Table!, record);
        }
    }

    private Task<HttpResponseMessage> SendAsync(string query, string? org, bool annotated, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(query);
        var target = org ?? _options.Org;
        ArgumentException.ThrowIfNullOrEmpty(target, nameof(org));
        var annotations = annotated ? new[] { "datatype", "group", "default" } : [];
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new { query, type = "flux", dialect = new { header = true, delimiter = ",", commentPrefix = "#", annotations } }));
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        return _transport.SendAsync(HttpMethod.Post, $"api/v2/query?org={Uri.EscapeDataString(target)}", content, cancellation, accept: "application/csv", streamed: annotated);
    }
}
