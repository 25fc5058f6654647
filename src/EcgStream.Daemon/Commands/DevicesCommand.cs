using System.CommandLine;
using System.Globalization;
using EcgStream.Protocol.V1;
using Grpc.Net.Client;

namespace EcgStream.Daemon.Commands;

/// <summary><c>ecgstreamd devices</c>: the devices that a running daemon knows.</summary>
internal static class DevicesCommand
{
    private static readonly string[] Head = ["DEVICE", "STATE", "VIA", "LEADS", "HZ", "BPM", "CHUNKS", "MISSING", "REFUSED", "GAPS", "WINDOWS", "RESULTS", "CLOCK_MS"];

    private static readonly string[] ModelHead = ["MODEL", "STATE", "DROPPED", "RELOADS", "REASON"];

    public static Command Create()
    {
        var to = DaemonCall.To();
        const string About =
            "Lists the devices that a running daemon knows, with what was lost of each, and the models that fail.";
        var command = new Command("devices", About) { to };
        command.SetAction((parsed, _) => DaemonCall.RunAsync(parsed.GetValue(to), ListAsync));
        return command;
    }

    private static async Task<int> ListAsync(GrpcChannel channel, DateTime deadline)
    {
        var monitor = new Protocol.V1.Monitor.MonitorClient(channel);
        var answer = await monitor.ListDevicesAsync(new ListDevicesRequest(), deadline: deadline);
        TextTable.Write(Console.Out, Head, answer.Devices.Select(Row));

        // What concerns every device: a model that does not answer looks at none of them.
        var pipeline = await monitor.GetPipelineAsync(new GetPipelineRequest(), deadline: deadline);
        var silent = pipeline.Models.Where(model => model.State is ModelState.Behind or ModelState.Failed).ToList();
        if (silent.Count > 0)
        {
            Console.Out.WriteLine();
            TextTable.Write(Console.Out, ModelHead, silent.Select(Row));
        }

        return 0;
    }

    private static string[] Row(ModelStatus model) =>
    [
        model.Name,
        model.State.ToString(),
        Number(model.Dropped),
        Number(model.Reloads),
        model.Fault.ReplaceLineEndings(" "),
    ];

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
