using System.ComponentModel;
using System.Diagnostics;

namespace EcgStream.Daemon.Telemetry;

/// <summary>Asks NVIDIA's own tool for the GPUs: it comes with every driver, and needs no library of one CUDA version.</summary>
internal static class NvidiaSmi
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <returns>The GPUs, or why they cannot be told.</returns>
    public static async Task<(IReadOnlyList<GpuReading> Gpus, string? Fault)> ReadAsync(CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Limit);
        using var process = new Process { StartInfo = new ProcessStartInfo("nvidia-smi", GpuReading.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        try
        {
            process.Start();
        }
        catch (Win32Exception missing)
        {
            return ([], missing.Message);
        }

        try
        {
            var errors = process.StandardError.ReadToEndAsync(limited.Token);
            var text = await process.StandardOutput.ReadToEndAsync(limited.Token);
            await process.WaitForExitAsync(limited.Token);
            if (process.ExitCode != 0)
            {
                return ([], $"nvidia-smi ended with {process.ExitCode}: {(text + await errors).Trim().ReplaceLineEndings(" ")}");
            }

            var gpus = new List<GpuReading>();
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!GpuReading.TryParse(line, out var gpu))
                {
                    return ([], $"nvidia-smi said what is not understood: {line}");
                }

                gpus.Add(gpu!);
            }

            return (gpus, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process.Kill();
            return ([], $"nvidia-smi did not answer within {Limit.TotalSeconds:0} s");
        }
    }
}
