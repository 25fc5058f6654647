using EcgStream.Daemon.Telemetry;

namespace EcgStream.Daemon.Tests.Telemetry;

public sealed class GpuReadingTests
{
    [Fact]
    public void TryParse_LineOfNvidiaSmi_HasItsUnits()
    {
        Assert.True(GpuReading.TryParse("1, NVIDIA H100 80GB HBM3, 37, 1024, 81559, 41", out var gpu));
        Assert.Equal(new GpuReading(1, "NVIDIA H100 80GB HBM3", 0.37, 1024.0 * 1048576, 81559.0 * 1048576, 41), gpu);
    }

    [Fact]
    public void TryParse_WhatTheDriverDoesNotKnow_IsNull()
    {
        Assert.True(GpuReading.TryParse("0, Tesla, [N/A], 1, 2, [Not Supported]", out var gpu));
        Assert.Equal((null, null), (gpu!.UtilizationRatio, gpu.TemperatureCelsius));
    }

    [Theory]
    [InlineData("")]
    [InlineData("No devices were found")]
    [InlineData("x, NVIDIA, 1, 2, 3, 4")]
    public void TryParse_AnythingElse_IsRefused(string line) => Assert.False(GpuReading.TryParse(line, out _));
}
