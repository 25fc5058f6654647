using EcgStream.Core.Sessions;
using EcgStream.Core.Windows;
using EcgStream.Daemon.Ingest;
using Microsoft.Extensions.Options;
using SessionOptions = EcgStream.Core.Sessions.SessionOptions;

namespace EcgStream.Daemon.Pipeline;

/// <summary>Makes the streams of one shard; they share its workspace, which is why a shard runs one chunk at a time.</summary>
internal sealed class DeviceStreamFactory(StreamOutlets outlets, WindowPlan plan, IOptions<SessionOptions> options, TimeProvider clock)
{
    /// <summary>Scratch memory for one shard.</summary>
    public SignalWorkspace NewWorkspace() => new(plan);

    public DeviceStream Create(DeviceEntry device, SignalWorkspace workspace) => new(device, outlets, workspace, options.Value, clock);
}
