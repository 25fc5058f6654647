using System.Globalization;
using System.Text.Json;

namespace InfluxDB.Client.Core.Exceptions;

/// <summary>The server refused, or could not be reached (status 0).</summary>
public class HttpException : InfluxException
{
    // The first that is there says why: 1.x servers use the headers, 2.x ones the body.
    private static readonly string[] MessageHeaders = ["X-Platform-Error-Code", "X-Influx-Error", "X-InfluxDb-Error"];

    public HttpException(string message, int status, Exception? exception = null)
        : base(message, 0, exception) => Status = status;

    /// <summary>Seconds after which the server asks to be tried again; null when it does not say.</summary>
    public int? RetryAfter { get; set; }

    internal static async Task<HttpException> CreateAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        var message = MessageOf(body) ?? HeaderOf(response) ?? (body.Length > 0 ? body : $"{(int)response.StatusCode} {response.ReasonPhrase}");
        var exception = Create((int)response.StatusCode, message);
        if (response.Headers.TryGetValues("Retry-After", out var values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            exception.RetryAfter = seconds;
        }

        return exception;
    }

    private static string? MessageOf(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("message", out var message)
                && message.ValueKind == JsonValueKind.String
                && message.GetString() is { Length: > 0 } text
                ? text
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? HeaderOf(HttpResponseMessage response)
    {
        foreach (var name in MessageHeaders)
        {
            if (response.Headers.TryGetValues(name, out var values))
            {
                return values.First();
            }
        }

        return null;
    }

    private static HttpException Create(int status, string message) => status switch
    {
        400 => new BadRequestException(message),
        401 => new UnauthorizedException(message),
        402 => new PaymentRequiredException(message),
        403 => new ForbiddenException(message),
        404 => new NotFoundException(message),
        405 => new MethodNotAllowedException(message),
        406 => new NotAcceptableException(message),
        407 => new ProxyAuthenticationRequiredException(message),
        408 => new RequestTimeoutException(message),
        413 => new RequestEntityTooLargeException(message),
        422 => new UnprocessableEntityException(message),
        429 => new TooManyRequestsException(message),
        500 => new InternalServerErrorException(message),
        501 => new HttpNotImplementedException(message),
        502 => new BadGatewayException(message),
        503 => new ServiceUnavailableException(message),
        _ => new HttpException(message, status),
    };
}
