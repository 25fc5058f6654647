using EcgStream.Core.Signals;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Protocol.V1;
using Grpc.Core;

namespace EcgStream.Daemon.Alarms.Limits;

/// <summary>The gRPC face of the limits.</summary>
internal sealed class LimitsService(LimitBook book, AlarmEngine engine, ILogger<LimitsService> log) : AlarmLimits.AlarmLimitsBase
{
    private const int MaxUserLength = 128;

    public override Task<LimitsState> GetLimits(GetLimitsRequest request, ServerCallContext context)
    {
        RequireDevice(request.DeviceId);
        return Task.FromResult(State(request.DeviceId));
    }

    /// <summary>In force, stored and audited when it answers.</summary>
    public override async Task<LimitsState> SetLimits(SetLimitsRequest request, ServerCallContext context)
    {
        RequireDevice(request.DeviceId);
        if (string.IsNullOrWhiteSpace(request.User))
        {
            throw Invalid("user: required");
        }

        if (request.User.Length > MaxUserLength)
        {
            throw Invalid($"user: {request.User.Length} characters, the limit is {MaxUserLength}");
        }

        if (request.Reset ? request.Limits is not null && request.Limits.CalculateSize() > 0 : request.Limits is null)
        {
            throw Invalid(request.Reset ? "limits: set together with reset; one of them" : "limits: required, or reset");
        }

        // The store waits for the disk: not on a thread of the server.
        var (outcome, problem) = await Task.Run(() => Change(request), CancellationToken.None);
        switch (outcome)
        {
            case LimitBook.Outcome.OutOfRange:
                throw Invalid(problem);
            case LimitBook.Outcome.VersionDiffers:
                throw new RpcException(new Status(StatusCode.FailedPrecondition, problem));
            case LimitBook.Outcome.TooMany:
                throw new RpcException(new Status(StatusCode.ResourceExhausted, problem));
            default:
                engine.ApplyLimits(request.DeviceId);
                LimitLog.Changed(log, request.DeviceId.Length == 0 ? "common" : "device", book.ChangeOf(request.DeviceId)!.Version);
                return State(request.DeviceId);
        }
    }

    private (LimitBook.Outcome Outcome, string Problem) Change(SetLimitsRequest request)
    {
        try
        {
            var outcome = book.Change(
                request.DeviceId, request.Reset ? null : limits => limits.With(request.Limits), request.User,
                request.HasExpectedVersion ? request.ExpectedVersion : null, out var problem);
            return (outcome, problem);
        }
        catch (StorageException exception)
        {
            LimitLog.NotStored(log, exception);
            throw new RpcException(new Status(StatusCode.Unavailable, "the limits cannot be stored now and are not changed"));
        }
    }

    private LimitsState State(string deviceId)
    {
        var change = book.ChangeOf(deviceId);
        return new LimitsState
        {
            DeviceId = deviceId,
            Limits = book.For(deviceId).ToWire(),
            Own = change?.Limits is not null,
            Version = change?.Version ?? 0,
            ChangedBy = change?.ChangedBy ?? "",
            ChangedUnixNs = (ulong)Math.Max(0, change?.ChangedUnixNs ?? 0),
        };
    }

    private static void RequireDevice(string deviceId)
    {
        if (deviceId.Length > 0 && !ChunkDecoder.IsDeviceId(System.Text.Encoding.UTF8.GetBytes(deviceId)))
        {
            throw Invalid($"device_id: {deviceId.Length} characters, the limit is {ChunkLimits.MaxDeviceIdLength} of [A-Za-z0-9._-]");
        }
    }

    private static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));
}
