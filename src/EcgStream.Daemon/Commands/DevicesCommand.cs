using System.CommandLine;
using System.Globalization;
using EcgStream.Protocol.V1;
using Grpc.Net.Client;

namespace EcgStream.Daemon.Commands;

/// <summary><c>ecgstreamd devices</c>: the devices that a running daemon knows.</summary>
internal static class DevicesCommand
{
    private static readonly string[] Head = ["DEVICE", "STATE", "VIA", "LEADS", "HZ", "BPM", "CHUNKS", "MISSING", "REFUSED", "GAPS", "WINDOWS", "RESULTS", "CLOCK_MS"];

    public static Command Create()
    {
        var to = DaemonCall.To();
        var command = new Command("devices", "Lists the devices that a running daemon knows, with what was lost of each.") { to };
        command.SetAction((parsed, _) => DaemonCall.RunAsync(parsed.GetValue(to), ListAsync));
        return command;
    }

    private static async Task<int> ListAsync(GrpcChannel channel, DateTime deadline)
    {
        var answer = await new Protocol.V1.Monitor.MonitorClient(channel).ListDevicesAsync(new ListDevicesRequest(), deadline: deadline);
        TextTable.Write(Console.Out, Head, answer.Devices.Select(Row));
        return 0;
    }

    private static string[] Row(DeviceStatus device) =>
    [
        device.DeviceId,
        !device.Online ? "silent" : device.NotAnalysed ? "not analysed" : "online",
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
