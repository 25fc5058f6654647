using System.Net;
using System.Text;
using EcgStream.Client.Streaming;
using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Ingest.Mqtt;
using InfluxDB.Client.Core.Exceptions;

namespace EcgStream.Fuzz.Targets;

/// <summary>Short texts that come over the network or name it: addresses, topics, the answers of an InfluxDB that refuses.</summary>
internal sealed class NetworkTextTarget : FuzzTarget
{
    public override string Name => "network-text";

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. new[]
        {
            "grpc://127.0.0.1:50051", "mqtt://[::1]:1883/", "localhost", "ecg/v1/main/dev-1/samples", "{\"code\":\"invalid\",\"message\":\"partial write: field type conflict dropped=1\"}",
            "{\"message\":{\"a\":[1,2]}}", "{\"error\":\"x\",\"line\":3}", "http://user@host:99999/?q",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override bool Run(ReadOnlyMemory<byte> input, ref Dice dice)
    {
        var text = Encoding.UTF8.GetString(input.Span);
        var taken = StreamEndpoint.TryParse(text, out var endpoint, out var problem);
        if (taken ? endpoint!.Port is < 0 or > 65535 : problem.Length == 0)
        {
            throw new FindingException($"'{text}' gives {endpoint}, problem '{problem}'");
        }

        _ = BindAddress.IsValid(text);
        taken |= MqttTopics.TryParseSamples(text, out _, out _);
        using var answer = new HttpResponseMessage((HttpStatusCode)(400 + dice.Next(200))) { Content = new ByteArrayContent(input.ToArray()) };
        answer.Headers.TryAddWithoutValidation("Retry-After", text.Length > 20 ? text[..20] : text);
        var fault = HttpException.CreateAsync(answer, CancellationToken.None).GetAwaiter().GetResult(); // a body in memory: completes at once
        if (string.IsNullOrEmpty(fault.Message) || fault.RetryAfter < 0)
        {
            throw new FindingException($"'{fault.Message}', retry after {fault.RetryAfter}");
        }

        return taken;
    }
}
