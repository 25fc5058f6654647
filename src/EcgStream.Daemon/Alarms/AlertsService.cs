using EcgStream.Daemon.Feeds;
using EcgStream.Protocol.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Alarms;

/// <summary>The gRPC face of the alarms.</summary>
internal sealed class AlertsService(AlarmEngine engine, CursorFeed<AlarmEvent> feed, IOptions<FeedOptions> options, IHostApplicationLifetime lifetime) : Alerts.AlertsBase
{
    private const int MaxUserLength = 128;
    private const int MaxAlarmIdLength = 64;

    /// <summary>
    /// Headers go out once the start is fixed: whatever is decided after the client has them is delivered. Within one alarm the priority never
    /// falls, so a subscriber from some priority on sees each alarm that reaches it to its end.
    /// </summary>
    public override async Task Subscribe(SubscribeAlertsRequest request, IServerStreamWriter<AlarmEvent> responseStream, ServerCallContext context)
    {
        var devices = new DeviceFilter(request.DeviceIds, options.Value.MaxDeviceIds);
        var start = FeedRequest.Start(feed, request.AfterCursor, request.LiveOnly);
        using var place = FeedRequest.Enter(feed, options.Value);
        await context.WriteResponseHeadersAsync([]);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (var transition in feed.ReadAsync(start, ending.Token))
            {
                if (transition.Priority >= request.MinPriority && devices.Takes(transition.DeviceId))
                {
                    await responseStream.WriteAsync(transition, ending.Token);
                }
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw FeedRequest.Stopping();
        }
    }

    public override Task<ListActiveResponse> ListActive(ListActiveRequest request, ServerCallContext context)
    {
        var devices = new DeviceFilter(request.DeviceIds, options.Value.MaxDeviceIds);
        var (alarms, cursor) = engine.ListActive();
        var response = new ListActiveResponse { Cursor = cursor };
        response.Alarms.AddRange(alarms.Where(alarm => devices.Takes(alarm.DeviceId)));
        return Task.FromResult(response);
    }

    /// <summary>The ACKNOWLEDGED transition in the journal, with who and when, is the audit of it.</summary>
    public override async Task<AcknowledgeResponse> Acknowledge(AcknowledgeRequest request, ServerCallContext context)
    {
        Require(request.AlarmId, "alarm_id", MaxAlarmIdLength);
        Require(request.User, "user", MaxUserLength);
        var (status, alarm) = await engine.AcknowledgeAsync(request.AlarmId, request.User, context.CancellationToken);
        return status switch
        {
            AcknowledgeStatus.Unknown => throw new RpcException(new Status(StatusCode.NotFound, $"alarm_id: no alarm is {request.AlarmId}")),
            AcknowledgeStatus.AlreadyCleared => throw new RpcException(new Status(StatusCode.FailedPrecondition, $"alarm_id: alarm {request.AlarmId} is over")),
            _ => new AcknowledgeResponse { Alarm = alarm },
        };
    }

    private static void Require(string value, string field, int limit)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"{field}: required"));
        }

        if (value.Length > limit)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"{field}: {value.Length} characters, the limit is {limit}"));
        }
    }
}
