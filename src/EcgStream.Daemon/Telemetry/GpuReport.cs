using EcgStream.Daemon.Check;
using EcgStream.Inference;

namespace EcgStream.Daemon.Telemetry;

/// <summary>What <c>ecgstreamd check</c> says of the GPU.</summary>
internal static class GpuReport
{
    private const string Subject = "gpu";

    /// <param name="used">The models were loaded onto a GPU.</param>
    public static async Task<IReadOnlyList<CheckResult>> LinesAsync(InferenceOptions options, bool used, CancellationToken cancellation)
    {
        if (options.Device == InferenceDevice.Cpu)
        {
            return [CheckResult.Ok(Subject, "not used: Inference:Device is cpu")];
        }

        if (!ToolSearch.Has("nvidia-smi"))
        {
            return [used
                ? CheckResult.Warn(Subject, "in use, but nvidia-smi is not installed: its load will not be seen")
                : CheckResult.Ok(Subject, "none found; the models run on the CPU")];
        }

        var (gpus, fault) = await NvidiaSmi.ReadAsync(cancellation);
        if (fault is not null)
        {
            return [CheckResult.Warn(Subject, $"{fault}. See the driver's state with 'nvidia-smi' and 'dmesg'.")];
        }

        return
        [
            .. gpus.Select(gpu => used
                ? CheckResult.Ok(Subject, FormattableString.Invariant($"GPU {gpu.Index}: {gpu.Name}, {gpu.MemoryUsedBytes / (1 << 20):0} of {gpu.MemoryTotalBytes / (1 << 20):0} MiB used"))
                : CheckResult.Warn(Subject, FormattableString.Invariant(
                    $"GPU {gpu.Index} ({gpu.Name}) is there, but the models run on the CPU. Set Inference:Device=cuda to be told why."))),
        ];
    }
}
