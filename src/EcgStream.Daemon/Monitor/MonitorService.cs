using Grpc.Core;
using Wire = EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Monitor;

/// <summary>The gRPC face of the pipeline's own state.</summary>
internal sealed class MonitorService(IPipelineStatusSource source) : Wire.Monitor.MonitorBase
{
    public override Task<Wire.ListDevicesResponse> ListDevices(Wire.ListDevicesRequest request, ServerCallContext context)
    {
        var response = new Wire.ListDevicesResponse();
        response.Devices.AddRange(source.ListDevices());
        return Task.FromResult(response);
    }

    public override Task<Wire.PipelineStatus> GetPipeline(Wire.GetPipelineRequest request, ServerCallContext context) =>
        Task.FromResult(source.GetPipeline());
}
