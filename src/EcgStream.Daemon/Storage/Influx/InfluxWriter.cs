using System.Net;
using InfluxDB.Client;
using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Core.Exceptions;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Storage.Influx;

/// <summary>The only class that touches InfluxDB.Client.</summary>
internal sealed class InfluxWriter : IInfluxWriter, IDisposable
{
    private readonly InfluxDBClient _client;
    private readonly WriteApiAsync _write;

    public InfluxWriter(IOptions<InfluxOptions> options)
    {
        var settings = options.Value;
        Destination = $"{settings.Url.TrimEnd('/')} {settings.Org} {settings.Bucket}";
        var client = new InfluxDBClientOptions(settings.Url) { Org = settings.Org, Bucket = settings.Bucket, Timeout = settings.Timeout };
        if (settings.Token.Length > 0)
        {
            client.Token = settings.Token;
        }

        _client = new InfluxDBClient(client);
        _client.EnableGzip();
        _write = _client.GetWriteApiAsync();
    }

    public string Destination { get; }

    public async Task<InfluxWriteOutcome> WriteAsync(List<string> lines, CancellationToken cancellationToken)
    {
        try
        {
            await _write.WriteRecordsAsync(lines, WritePrecision.Ns, cancellationToken: cancellationToken);
            return new InfluxWriteOutcome(InfluxWriteKind.Written);
        }
        catch (InfluxException) when (cancellationToken.IsCancellationRequested)
        {
            // InfluxDB.Client tells a cancelled request as one without an answer.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (HttpException exception)
        {
            return Judge(exception);
        }
        catch (Exception exception) when (exception is InfluxException or HttpRequestException or IOException or TimeoutException
            or FormatException // what InfluxDB.Client makes of a Retry-After that is a date, as proxies send it
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new InfluxWriteOutcome(InfluxWriteKind.Unavailable, exception.Message);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>400, 413 and 422 are about the lines; a wrong token or a missing bucket (401, 403, 404) somebody can mend, and then the same lines go in.</summary>
    private static InfluxWriteOutcome Judge(HttpException exception)
    {
        if (exception.Status == 0)
        {
            return new InfluxWriteOutcome(InfluxWriteKind.Unavailable, exception.Message); // no answer at all
        }

        var about = (HttpStatusCode)exception.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity
            ? InfluxWriteKind.Refused
            : InfluxWriteKind.Unavailable;
        TimeSpan? pause = exception.RetryAfter is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null;
        return new InfluxWriteOutcome(about, FormattableString.Invariant($"HTTP {exception.Status}: {exception.Message}"), pause);
    }
}
