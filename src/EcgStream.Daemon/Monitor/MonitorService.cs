using System.Text;
using EcgStream.Core.Signals;
using EcgStream.Daemon.Pipeline;
using EcgStream.Daemon.Storage.Sqlite;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Wire = EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Monitor;

/// <summary>The gRPC face of the pipeline's own state.</summary>
internal sealed class MonitorService(IPipelineStatusSource source, DeviceDischarge discharge) : Wire.Monitor.MonitorBase
{
    private const int MaxUserLength = 128;

    public override Task<Wire.ListDevicesResponse> ListDevices(Wire.ListDevicesRequest request, ServerCallContext context)
    {
        var response = new Wire.ListDevicesResponse();
        response.Devices.AddRange(source.ListDevices());
        return Task.FromResult(response);
    }

    public override Task<Wire.PipelineStatus> GetPipeline(Wire.GetPipelineRequest request, ServerCallContext context) =>
        Task.FromResult(source.GetPipeline());

    /// <summary>Done and audited when it answers.</summary>
    public override async Task<Wire.DischargeResponse> Discharge(
        Wire.DischargeRequest request, ServerCallContext context)
    {
        var (device, user) = (request.DeviceId, request.User);
        if (!ChunkDecoder.IsDeviceId(Encoding.UTF8.GetBytes(device)))
        {
            const string Limit = "[A-Za-z0-9._-]";
            const int Most = ChunkLimits.MaxDeviceIdLength;
            throw Invalid($"device_id: {device.Length} characters, not 1 to {Most} of {Limit}");
        }

        if (string.IsNullOrWhiteSpace(user) || user.Length > MaxUserLength)
        {
            throw Invalid($"user: {user.Length} characters, not 1 to {MaxUserLength}");
        }

        try
        {
            return await discharge.DischargeAsync(device, user) switch
            {
                DeviceDischarge.Outcome.Unknown => throw Unknown(device),
                DeviceDischarge.Outcome.StillSends => throw StillSends(device),
                _ => new Wire.DischargeResponse(),
            };
        }
        catch (Exception fault) when (fault is SqliteException or StorageException)
        {
            throw Refused(StatusCode.Unavailable, "the discharge cannot be stored now, and was not done");
        }
    }

    private static RpcException Invalid(string message) => Refused(StatusCode.InvalidArgument, message);

    private static RpcException Unknown(string device) =>
        Refused(StatusCode.NotFound, $"device_id: nothing is known of {device}");

    private static RpcException StillSends(string device) => Refused(
        StatusCode.FailedPrecondition,
        $"device_id: {device} has sent within the last {DeviceDischarge.SilentFor.TotalSeconds} s");

    private static RpcException Refused(StatusCode code, string message) => new(new Status(code, message));
}
