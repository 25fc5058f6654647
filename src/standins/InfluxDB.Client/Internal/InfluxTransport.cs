using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using InfluxDB.Client.Core.Exceptions;

namespace InfluxDB.Client.Internal;

/// <summary>Sends requests with the options' address, token and time limit, and turns whatever goes wrong into an <see cref="HttpException"/>.</summary>
internal sealed class InfluxTransport : IDisposable
{
    /// <summary>Refusals and states are short; raw answers beyond this must be read as records.</summary>
    private const int MaximumAnswerBytes = 64 * 1024 * 1024;

    private readonly InfluxDBClientOptions _options;
    private readonly HttpClient _http;
    private readonly bool _owned;
    private readonly Uri _base;

    public InfluxTransport(InfluxDBClientOptions options)
    {
        _options = options;
        _base = new Uri(options.Url.EndsWith('/') ? options.Url : options.Url + "/", UriKind.Absolute);
        _owned = options.HttpClient is null;
        _http = options.HttpClient ?? CreateHttpClient(options);
    }

    public bool Gzip { get; set; }

    /// <param name="method">Method.</param>
    /// <param name="path">Path and query below the options' address.</param>
    /// <param name="content">Body, disposed of with the request.</param>
    /// <param name="cancellation">The caller's token.</param>
    /// <param name="accept">Media type of the answer.</param>
    /// <param name="streamed">The body is left to be read; else it is held whole, <see cref="MaximumAnswerBytes"/> at most.</param>
    /// <returns>A response with a status of success.</returns>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation, string accept = "application/json", bool streamed = false)
    {
        using var request = new HttpRequestMessage(method, new Uri(_base, path)) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        if (_options.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Token", token);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.Timeout);
        try
        {
            var response = await _http.SendAsync(request, streamed ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, limit.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw await HttpException.CreateAsync(response, limit.Token).ConfigureAwait(false);
            }
        }
        catch (HttpRequestException fault)
        {
            throw new HttpException(fault.Message, 0, fault);
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpException($"The request timed out after {_options.Timeout}", 0, fault);
        }
    }

    public void Dispose()
    {
        if (_owned)
        {
            _http.Dispose();
        }
    }

    private static HttpClient CreateHttpClient(InfluxDBClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = options.AllowHttpRedirects,
            // A server that moves must be found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (options.WebProxy is not null)
        {
            handler.Proxy = options.WebProxy;
        }

        handler.SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = options.ClientCertificates,
#pragma warning disable CA5359 // Only where VerifySsl was set to false.
            RemoteCertificateValidationCallback = options.VerifySslCallback ?? (options.VerifySsl ? null : TakeAny),
#pragma warning restore CA5359
        };
        return new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaximumAnswerBytes };
    }

    private static bool TakeAny(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => true;
}
