using EcgStream.Daemon.Feeds;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;

namespace EcgStream.Fuzz.Targets;

/// <summary>The requests by which a peer sets up what it wants: subscriptions with their filters and cursors, acknowledgements, health, reflection.</summary>
internal sealed class GrpcRequestTarget : FuzzTarget
{
    private const int MaxDeviceIds = 64;

    public override string Name => "grpc-requests";

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        new SubscribeAlertsRequest { AfterCursor = 9, DeviceIds = { "dev-1", "dev-2" }, MinPriority = AlarmPriority.Medium, LiveOnly = true }.ToByteArray(),
        new SubscribeResultsRequest { AfterCursor = ulong.MaxValue, DeviceIds = { "a" } }.ToByteArray(),
        new AcknowledgeRequest { AlarmId = "dev-1/2", User = "nurse" }.ToByteArray(),
        new HealthCheckRequest { Service = "ecgstream.v1.Ingest" }.ToByteArray(),
        new ServerReflectionRequest { FileContainingSymbol = "ecgstream.v1.Ingest" }.ToByteArray(),
    ];

    public override bool Run(ReadOnlyMemory<byte> input, ref Dice dice)
    {
        try
        {
            var request = SubscribeAlertsRequest.Parser.ParseFrom(input.Span);
            _ = AcknowledgeRequest.Parser.ParseFrom(input.Span).ToString();
            _ = HealthCheckRequest.Parser.ParseFrom(input.Span);
            _ = ServerReflectionRequest.Parser.ParseFrom(input.Span);
            var devices = new DeviceFilter(request.DeviceIds, MaxDeviceIds);
            return devices.Takes("dev-1") || request.DeviceIds.Count > 0;
        }
        catch (Exception refusal) when (refusal is InvalidProtocolBufferException or RpcException)
        {
            return false;
        }
    }
}
