using EcgStream.Protocol.V1;
using Grpc.Core;

namespace EcgStream.StandIns.Tests.Grpc;

/// <summary>The unary and the server-streaming kind of call.</summary>
internal sealed class LiveAlerts : Alerts.AlertsBase
{
    public override async Task Subscribe(SubscribeAlertsRequest request, IServerStreamWriter<AlarmEvent> responseStream, ServerCallContext context)
    {
        for (var cursor = request.AfterCursor + 1; cursor <= request.AfterCursor + 100; cursor++)
        {
            await responseStream.WriteAsync(new AlarmEvent { Cursor = cursor, Message = new string('*', 1000) }, context.CancellationToken);
        }
    }

    public override Task<AcknowledgeResponse> Acknowledge(AcknowledgeRequest request, ServerCallContext context) => request.User.Length == 0
        ? throw new RpcException(new Status(StatusCode.InvalidArgument, "user: required"))
        : Task.FromResult(new AcknowledgeResponse { Alarm = new AlarmEvent { AlarmId = request.AlarmId, AcknowledgedBy = request.User } });
}
