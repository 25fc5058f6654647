using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Internal;
using InfluxDB.Client.Writes;

namespace InfluxDB.Client;

/// <summary>
/// Writes, one request each. A task that succeeds means that the server has taken every line; a refusal, of some lines too, is an
/// <see cref="Core.Exceptions.HttpException"/>. Nothing is tried again here.
/// </summary>
public class WriteApiAsync
{
    private readonly InfluxDBClientOptions _options;
    private readonly InfluxTransport _transport;

    internal WriteApiAsync(InfluxDBClientOptions options, InfluxTransport transport)
    {
        _options = options;
        _transport = transport;
    }

    /// <param name="record">One line, or several with line feeds between.</param>
    /// <param name="precision">Unit of its timestamps.</param>
    /// <param name="bucket">Null = the options'.</param>
    /// <param name="org">Null = the options'.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task WriteRecordAsync(
        string record, WritePrecision precision = WritePrecision.Ns, string? bucket = null, string? org = null, CancellationToken cancellationToken = default) =>
        WriteAsync([record], precision, bucket, org, cancellationToken);

    public Task WriteRecordsAsync(
        List<string> records, WritePrecision precision = WritePrecision.Ns, string? bucket = null, string? org = null, CancellationToken cancellationToken = default) =>
        WriteAsync(records, precision, bucket, org, cancellationToken);

    public Task WriteRecordsAsync(
        string[] records, WritePrecision precision = WritePrecision.Ns, string? bucket = null, string? org = null, CancellationToken cancellationToken = default) =>
        WriteAsync(records, precision, bucket, org, cancellationToken);

    public Task WritePointAsync(PointData point, string? bucket = null, string? org = null, CancellationToken cancellationToken = default) =>
        WriteAllAsync([point], bucket, org, cancellationToken);

    /// <summary>Writes points, one request for each precision among them.</summary>
    public Task WritePointsAsync(List<PointData> points, string? bucket = null, string? org = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        return WriteAllAsync(points, bucket, org, cancellationToken);
    }

    public Task WritePointsAsync(PointData[] points, string? bucket = null, string? org = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        return WriteAllAsync(points, bucket, org, cancellationToken);
    }

    private async Task WriteAllAsync(IEnumerable<PointData> points, string? bucket, string? org, CancellationToken cancellationToken)
    {
        foreach (var group in points.GroupBy(point => point.Precision))
        {
            await WriteAsync(group.Select(point => point.ToLineProtocol(_options.PointSettings)), group.Key, bucket, org, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(IEnumerable<string> lines, WritePrecision precision, string? bucket, string? org, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var targetBucket = bucket ?? _options.Bucket;
        var targetOrg = org ?? _options.Org;
        ArgumentException.ThrowIfNullOrEmpty(targetBucket, nameof(bucket));
        ArgumentException.ThrowIfNullOrEmpty(targetOrg, nameof(org));
        var content = LinesContent.Of(lines, _transport.Gzip);
        if (content is null)
        {
            return;
        }

        var path = $"api/v2/write?org={Uri.EscapeDataString(targetOrg)}&bucket={Uri.EscapeDataString(targetBucket)}&precision={Text(precision)}";
        using var response = await _transport.SendAsync(HttpMethod.Post, path, content, cancellation).ConfigureAwait(false);
    }

    private static string Text(WritePrecision precision) => precision switch
    {
        WritePrecision.Ns => "ns",
        WritePrecision.Us => "us",
        WritePrecision.Ms => "ms",
        WritePrecision.S => "s",
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "Not a precision"),
    };
}
