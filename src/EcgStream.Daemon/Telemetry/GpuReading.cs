using System.Globalization;

namespace EcgStream.Daemon.Telemetry;

/// <summary>One GPU at one moment, as a line of nvidia-smi says it. A value that the driver does not know is null.</summary>
/// <param name="Index">Its number, which <c>Inference:CudaDeviceId</c> names.</param>
/// <param name="UtilizationRatio">Share of the last sample period in which a kernel ran, 0 to 1.</param>
/// <param name="MemoryUsedBytes">Memory in use.</param>
/// <param name="MemoryTotalBytes">Memory there is.</param>
/// <param name="TemperatureCelsius">Temperature of the die.</param>
internal sealed record GpuReading(int Index, string Name, double? UtilizationRatio, double? MemoryUsedBytes, double? MemoryTotalBytes, double? TemperatureCelsius)
{
    /// <summary>What nvidia-smi is asked; <see cref="TryParse"/> reads the answer.</summary>
    public static readonly IReadOnlyList<string> Arguments =
        ["--query-gpu=index,name,utilization.gpu,memory.used,memory.total,temperature.gpu", "--format=csv,noheader,nounits"];

    private const double BytesPerMebibyte = 1024 * 1024;

    /// <param name="line">For instance <c>0, NVIDIA H100 80GB HBM3, 37, 1024, 81559, 41</c>: percent, MiB, MiB, °C.</param>
    public static bool TryParse(string line, out GpuReading? reading)
    {
        reading = null;
        var cells = line.Split(',', StringSplitOptions.TrimEntries);
        if (cells.Length != 6 || !int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return false;
        }

        reading = new GpuReading(index, cells[1], Number(cells[2]) / 100, Number(cells[3]) * BytesPerMebibyte, Number(cells[4]) * BytesPerMebibyte, Number(cells[5]));
        return true;
    }

    // "[N/A]" and "[Not Supported]" are numbers that the driver does not know.
    private static double? Number(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
