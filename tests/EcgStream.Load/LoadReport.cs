using System.Text.Json;
using EcgStream.Protocol.V1;
using Spectre.Console;

namespace EcgStream.Load;

/// <summary>The figures of a run beside the budgets of the design.</summary>
internal sealed record LoadReport
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public required int Devices { get; init; }

    public required int Seconds { get; init; }

    public required long ChunksSent { get; init; }

    public required long ChunksJournaled { get; init; }

    public required long Windows { get; init; }

    public required long Results { get; init; }

    /// <summary>Chunks without an acknowledgement or refused, sequence numbers that never came, windows without a result.</summary>
    public required long Lost { get; init; }

    public required long Reconnects { get; init; }

    public required double CpuPercentOfOneCore { get; init; }

    public required double CpuPercentPerDevice { get; init; }

    public required double GeneratorCpuPercent { get; init; }

    /// <summary>
    /// Growth of the daemon's resident memory from idle, shared out. It holds what the process takes once for its first load (compiled
    /// code, pools, heap room); the memory of one device more is the difference between two runs.
    /// </summary>
    public required double KibibytesPerDevice { get; init; }

    /// <summary>Resident memory of the last quarter over that of the second: near 1 when nothing grows.</summary>
    public required double Growth { get; init; }

    public required double ResultP50Milliseconds { get; init; }

    public required double ResultP99Milliseconds { get; init; }

    public required long RuleAlarms { get; init; }

    public required double RuleAlarmP50Milliseconds { get; init; }

    public required double RuleAlarmP99Milliseconds { get; init; }

    public required double GeneratorLateP99Milliseconds { get; init; }

    public required double StartToReadySeconds { get; init; }

    public required string FirstRefusal { get; init; }

    public required IReadOnlyList<Budget> Budgets { get; init; }

    public bool Passed => Budgets.All(budget => budget.Met || !budget.Binding);

    public static LoadReport Of(
        LoadOptions options, DaemonProcess daemon, GeneratorReport sent, PipelineStatus status, Probes probes,
        IReadOnlyList<long> memory, long idleBytes, double cpuSeconds, double generatorCpuSeconds)
    {
        var lost = (sent.Sent - sent.Acked - sent.Duplicate) + (long)status.Chunks.Missing + (long)(status.Windows - Math.Min(status.Windows, status.Results));
        var quarter = Math.Max(1, memory.Count / 4);
        var growth = memory.TakeLast(quarter).Average() / memory.Skip(quarter).Take(quarter).DefaultIfEmpty(1).Average();
        var perDevice = (memory.TakeLast(quarter).Average() - idleBytes) / 1024 / options.Devices;
        return new LoadReport
        {
            Devices = options.Devices,
            Seconds = options.Seconds,
            ChunksSent = sent.Sent,
            ChunksJournaled = (long)status.Journaled,
            Windows = (long)status.Windows,
            Results = (long)status.Results,
            Lost = lost,
            Reconnects = sent.Reconnects,
            CpuPercentOfOneCore = 100 * cpuSeconds / options.Seconds,
            CpuPercentPerDevice = 100 * cpuSeconds / options.Seconds / options.Devices,
            GeneratorCpuPercent = 100 * generatorCpuSeconds / options.Seconds,
            KibibytesPerDevice = perDevice,
            Growth = growth,
            ResultP50Milliseconds = probes.ResultLatency.At(0.5),
            ResultP99Milliseconds = probes.ResultLatency.At(0.99),
            RuleAlarms = probes.AsystoleAlarms + probes.LeadOffAlarms,
            RuleAlarmP50Milliseconds = probes.RuleAlarmLatency.At(0.5),
            RuleAlarmP99Milliseconds = probes.RuleAlarmLatency.At(0.99),
            GeneratorLateP99Milliseconds = sent.LateP99Milliseconds,
            StartToReadySeconds = daemon.StartToReady.TotalSeconds,
            FirstRefusal = sent.FirstRefusal,
            Budgets =
            [
                Budget.Of("lost chunks and windows", lost, "load.lost", ""),
                Budget.Of("growth of resident memory", growth, "load.growth", "x", binding: options.Seconds >= 40),
                Budget.Of("resident memory per device, warm-up included", perDevice, "load.residentKibibytesPerDevice", "KiB", binding: false),
                Budget.Of("rule alarm, due sample to subscriber, p99", probes.RuleAlarmLatency.At(0.99), "load.ruleAlarmP99Milliseconds", "ms"),
                // The budget is one of the CPU: CUDA's libraries alone take seconds to load.
                Budget.Of(
                    "start to ready", daemon.StartToReady.TotalSeconds, "load.startToReadySeconds", "s",
                    binding: Environment.GetEnvironmentVariable("ECGSTREAM_Inference__Device") != "cuda"),
            ],
        };
    }

    public void Print()
    {
        var table = new Table().Title($"{Devices} 12-lead devices, {Seconds} s").AddColumns("what", "measured", "budget", "");
        foreach (var budget in Budgets)
        {
            table.AddRow(budget.What, Show(budget.Measured, budget.Unit), $"≤ {Show(budget.Limit, budget.Unit)}", budget.Met ? "met" : "NOT MET");
        }

        table.AddRow("chunks sent / journaled", $"{ChunksSent} / {ChunksJournaled}", "", "");
        table.AddRow("windows / results", $"{Windows} / {Results}", "", "");
        table.AddRow("daemon CPU, of one core", Show(CpuPercentOfOneCore, "%"), "", "");
        table.AddRow("daemon CPU per device, inference included", Show(CpuPercentPerDevice, "%"), "", "");
        table.AddRow("generator CPU, of one core", Show(GeneratorCpuPercent, "%"), "", "");
        table.AddRow("ingest to result p50 / p99", $"{Show(ResultP50Milliseconds, "ms")} / {Show(ResultP99Milliseconds, "ms")}", "", "");
        table.AddRow("rule alarms; p50", $"{RuleAlarms}; {Show(RuleAlarmP50Milliseconds, "ms")}", "", "");
        table.AddRow("generator late p99 (in the alarm figures)", Show(GeneratorLateP99Milliseconds, "ms"), "", "");
        AnsiConsole.Write(table);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private static string Show(double value, string unit) => FormattableString.Invariant($"{value:0.##} {unit}").TrimEnd();
}
