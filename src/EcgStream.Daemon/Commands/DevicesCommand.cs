using System.Globalization;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Commands;

/// <summary><c>ecgstreamd devices</c>: the devices that a running daemon knows.</summary>
internal static class DevicesCommand
{
    private static readonly string[] Head = ["DEVICE", "STATE", "VIA", "LEADS", "HZ", "BPM", "CHUNKS", "MISSING", "REFUSED", "GAPS", "WINDOWS", "RESULTS", "CLOCK_MS"];

    public static Task<int> RunAsync(string[] args) => DaemonCall.RunAsync(args, async (channel, rest, deadline) =>
    {
        if (rest.Length > 0)
        {
            await Console.Error.WriteLineAsync($"ecgstreamd: devices takes --to grpc://host:port, not '{rest[0]}'");
            return 2;
        }

        var answer = await new Protocol.V1.Monitor.MonitorClient(channel).ListDevicesAsync(new ListDevicesRequest(), deadline: deadline);
        TextTable.Write(Console.Out, Head, answer.Devices.Select(Row));
        return 0;
    });

    private static string[] Row(DeviceStatus device) =>
    [
        device.DeviceId,
        device.Online ? "online" : "silent",
        device.Transport.Length > 0 ? device.Transport : "-",
        Number(device.Leads.Count),
        Number(device.SampleRateHz),
        device.HeartRateBpm > 0 ? Number(Math.Round(device.HeartRateBpm)) : "-",
        Number(device.Chunks.Accepted),
        Number(device.Chunks.Missing),
        Number(device.Chunks.Refused),
        Number(device.Chunks.GapsBroken),
        Number(device.Windows),
        Number(device.Results),
        Number(Math.Round(device.ClockOffsetMs)),
    ];

    private static string Number<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
