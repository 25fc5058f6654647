using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Monitor;

/// <summary>What the pipeline says of itself. Called from any thread, a few times a second at most; gives new messages each time.</summary>
public interface IPipelineStatusSource
{
    /// <summary>Devices known now, with the counted states of their streams.</summary>
    IReadOnlyList<DeviceStatus> ListDevices();

    /// <summary>Totals of the whole way since the start.</summary>
    PipelineStatus GetPipeline();
}
