using System.IO.Compression;
using System.Net;
using System.Text;
using InfluxDB.Client;
using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Core.Exceptions;
using InfluxDB.Client.Writes;

namespace EcgStream.StandIns.Tests.Influx;

/// <summary>What goes over the wire and what a refusal becomes. A real server is in the interop tests; this one says what no real one will on demand.</summary>
public sealed class WriteApiTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WriteRecordsAsync_Lines_ArePostedWithTokenAndTarget(bool gzip)
    {
        var server = new AnsweringHandler(HttpStatusCode.NoContent);
        using var client = Client(server);
        if (gzip)
        {
            client.EnableGzip();
        }

        await client.GetWriteApiAsync().WriteRecordsAsync(new List<string> { "a b=1 1", "", "é b=2 2" }, WritePrecision.Us, bucket: "heart & co");
        Assert.Equal("http://influx:8086/sub/api/v2/write?org=ward&bucket=heart%20%26%20co&precision=us", server.Request!.RequestUri!.AbsoluteUri);
        Assert.Equal("Token secret", server.Request.Headers.Authorization!.ToString());
        Assert.Equal(gzip ? "gzip" : "identity", server.Encoding);
        Assert.Equal("a b=1 1\né b=2 2\n", server.Body);
    }

    [Fact]
    public async Task WritePointsAsync_TwoPrecisions_AreTwoRequests()
    {
        var server = new AnsweringHandler(HttpStatusCode.NoContent);
        using var client = Client(server);
        await client.GetWriteApiAsync().WritePointsAsync(new[]
        {
            PointData.Measurement("m").Field("a", 1L).Timestamp(1, WritePrecision.S),
            PointData.Measurement("m").Field("a", 2L).Timestamp(2, WritePrecision.Ns),
            PointData.Measurement("m").Field("a", 3L).Timestamp(3, WritePrecision.S),
        });
        Assert.Equal(["m a=1i 1\nm a=3i 3\n", "m a=2i 2\n"], server.Bodies);
    }

    [Fact]
    public async Task WriteRecordsAsync_NothingToSay_SendsNothing()
    {
        var server = new AnsweringHandler(HttpStatusCode.NoContent);
        using var client = Client(server);
        await client.GetWriteApiAsync().WriteRecordsAsync(new[] { "", "" });
        Assert.Empty(server.Bodies);
    }

    [Fact]
    public async Task WriteRecordsAsync_NoBucket_IsRefusedBeforeAnythingIsSent()
    {
        using var http = new HttpClient(new AnsweringHandler(HttpStatusCode.NoContent));
        using var client = new InfluxDBClient(new InfluxDBClientOptions("http://influx:8086") { Org = "ward", HttpClient = http });
        await Assert.ThrowsAsync<ArgumentNullException>(() => client.GetWriteApiAsync().WriteRecordAsync("a b=1"));
    }

    [Theory]
    [InlineData(400, typeof(BadRequestException))]
    [InlineData(401, typeof(UnauthorizedException))]
    [InlineData(413, typeof(RequestEntityTooLargeException))]
    [InlineData(422, typeof(UnprocessableEntityException))]
    [InlineData(429, typeof(TooManyRequestsException))]
    [InlineData(503, typeof(ServiceUnavailableException))]
    [InlineData(418, typeof(HttpException))]
    public async Task WriteRecordsAsync_Refused_IsTheExceptionOfTheStatus(int status, Type type)
    {
        var server = new AnsweringHandler((HttpStatusCode)status, "{\"code\":\"invalid\",\"message\":\"partial write: dropped=1\"}", ("Retry-After", "7"));
        using var client = Client(server);
        var fault = await Assert.ThrowsAnyAsync<HttpException>(() => client.GetWriteApiAsync().WriteRecordAsync("a b=1"));
        Assert.IsType(type, fault);
        Assert.Equal((status, 7, "partial write: dropped=1"), (fault.Status, fault.RetryAfter, fault.Message));
    }

    [Fact]
    public async Task WriteRecordsAsync_RefusedByAnOldServer_MessageIsThatOfItsHeader()
    {
        using var client = Client(new AnsweringHandler(HttpStatusCode.BadRequest, "{\"error\":\"x\"}", ("X-Influxdb-Error", "field type conflict")));
        var fault = await Assert.ThrowsAsync<BadRequestException>(() => client.GetWriteApiAsync().WriteRecordAsync("a b=1"));
        Assert.Equal("field type conflict", fault.Message);
        Assert.Null(fault.RetryAfter);
    }

    [Fact]
    public async Task WriteRecordsAsync_NoServer_IsAnExceptionWithoutStatus()
    {
        using var client = new InfluxDBClient(new InfluxDBClientOptions("http://127.0.0.1:1") { Org = "o", Bucket = "b" });
        var fault = await Assert.ThrowsAsync<HttpException>(() => client.GetWriteApiAsync().WriteRecordAsync("a b=1"));
        Assert.Equal(0, fault.Status);
        Assert.False(await client.PingAsync());
    }

    [Fact]
    public async Task WriteRecordsAsync_ServerSilent_EndsAfterTheTimeout()
    {
        using var http = new HttpClient(new SilentHandler());
        using var client = new InfluxDBClient(
            new InfluxDBClientOptions("http://influx") { Org = "o", Bucket = "b", HttpClient = http, Timeout = TimeSpan.FromMilliseconds(50) });
        var fault = await Assert.ThrowsAsync<HttpException>(() => client.GetWriteApiAsync().WriteRecordAsync("a b=1"));
        Assert.Contains("timed out", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteRecordsAsync_CallerCancels_IsACancellation()
    {
        using var http = new HttpClient(new SilentHandler());
        using var client = new InfluxDBClient(new InfluxDBClientOptions("http://influx") { Org = "o", Bucket = "b", HttpClient = http });
        using var source = new CancellationTokenSource();
        var writing = client.GetWriteApiAsync().WriteRecordAsync("a b=1", cancellationToken: source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    [Fact]
    public void Builder_Settings_ReachTheOptions()
    {
        var options = InfluxDBClientOptions.Builder.CreateNew().Url("http://influx:8086").AuthenticateToken("secret").Org("o").Bucket("b").TimeOut(TimeSpan.FromSeconds(3)).Build();
        Assert.Equal(("http://influx:8086/", "secret", "o", "b", TimeSpan.FromSeconds(3)), (options.Url, options.Token, options.Org, options.Bucket, options.Timeout));
        Assert.Equal(InfluxDBClientOptions.AuthenticationScheme.Token, options.AuthScheme);
        Assert.Throws<InvalidOperationException>(() => InfluxDBClientOptions.Builder.CreateNew().Build());
    }

    private static InfluxDBClient Client(AnsweringHandler server) => new(new InfluxDBClientOptions("http://influx:8086/sub")
    {
        Token = "secret",
        Org = "ward",
        Bucket = "ecg",
        HttpClient = new HttpClient(server),
    });

    private sealed class AnsweringHandler(HttpStatusCode status, string body = "", params (string Name, string Value)[] headers) : HttpMessageHandler
    {
        public HttpRequestMessage? Request { get; private set; }

        public string? Encoding { get; private set; }

        public List<string> Bodies { get; } = [];

        public string Body => Bodies[^1];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Request = request;
            Encoding = request.Content!.Headers.ContentEncoding.Single();
            var bytes = await request.Content.ReadAsStreamAsync(cancellationToken);
            using var text = new StreamReader(Encoding == "gzip" ? new GZipStream(bytes, CompressionMode.Decompress) : bytes, System.Text.Encoding.UTF8);
            Bodies.Add(await text.ReadToEndAsync(cancellationToken));
            var response = new HttpResponseMessage(status) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
            foreach (var (name, value) in headers)
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }

            return response;
        }
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("Not reached");
        }
    }
}
