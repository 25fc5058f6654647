using System.Text;
using EcgStream.Client.Streaming;
using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Ingest.Mqtt;

namespace EcgStream.Fuzz.Targets;

/// <summary>Short texts that come over the network or name it: addresses and topics.</summary>
internal sealed class NetworkTextTarget : FuzzTarget
{
    public override string Name => "network-text";

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. new[]
        {
            "grpc://127.0.0.1:50051", "mqtt://[::1]:1883/", "localhost", "ecg/v1/main/dev-1/samples", "http://user@host:99999/?q",
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
        return taken;
    }
}
