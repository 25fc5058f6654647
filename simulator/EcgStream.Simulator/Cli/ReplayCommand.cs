using System.Collections.Immutable;
using System.CommandLine;
using EcgStream.Client.Streaming;
using EcgStream.Core.Signals;
using EcgStream.Formats;
using EcgStream.Simulator.Replay;

namespace EcgStream.Simulator.Cli;

/// <summary><c>ecgsim replay PATH</c>.</summary>
internal sealed class ReplayCommand : Command
{
    private readonly Argument<string> _path = new("path") { Description = "A recording (.mat, .hea, .csv) or a folder of them." };
    private readonly Option<StreamEndpoint?> _to = new("--to") { Description = "grpc://host:port or mqtt://host:port", Required = true, CustomParser = CliParsers.Endpoint };
    private readonly Option<StreamEndpoint?> _results = new("--results")
    {
        Description = "Where results are asked for, grpc://host:port. Default: the host of --to, its port for gRPC, 50051 for MQTT.",
        CustomParser = CliParsers.GrpcEndpoint,
    };

    private readonly Option<double> _speed = new("--speed") { Description = "1 = real time, N = N times as fast, max = as fast as the daemon acknowledges.", CustomParser = CliParsers.Speed, DefaultValueFactory = _ => 1 };
    private readonly Option<int> _devices = new("--devices") { Description = "Devices that stream at the same time; records are dealt to them in order.", DefaultValueFactory = _ => 4 };
    private readonly Option<string> _prefix = new("--device-prefix") { Description = "Device ids are PREFIX-0001 and so on.", DefaultValueFactory = _ => "sim" };
    private readonly Option<string> _site = new("--site") { Description = "Site segment of the MQTT topics.", DefaultValueFactory = _ => "main" };
    private readonly Option<bool> _loop = new("--loop") { Description = "From the first record again after the last, until Ctrl-C." };
    private readonly Option<string?> _labels = new("--labels") { Description = "Labels by record name, e.g. reference.txt (NAME TAB 0|1; 0 = normal, 1 = abnormal). Looked for in the current folder, then with the recordings and above them." };
    private readonly Option<string?> _report = new("--report") { Description = "Writes a JSON report: one entry per record, and the totals." };
    private readonly Option<string?> _model = new("--model")
    {
        Description = "Whose results count. Default: of the models that answer the first record, one with the labels normal and abnormal, else one with 12 in its name. "
            + "A record of several windows gets the mean of their scores, and as label the one that all windows got, else that with the largest mean.",
    };

    private readonly Option<double> _chunk = new("--chunk-ms") { Description = "Length of a chunk, 20 to 2000 ms.", DefaultValueFactory = _ => 250 };
    private readonly Option<double> _timeout = new("--result-timeout") { Description = "Seconds that a record waits for its results after its last chunk was acknowledged.", DefaultValueFactory = _ => 30 };
    private readonly Option<double> _connect = new("--connect-timeout") { Description = "Seconds that the daemon may be out of reach.", DefaultValueFactory = _ => 15 };
    private readonly Option<double?> _fs = new("--fs") { Description = "Samples per second of MAT and CSV files, which do not say it. Default: 500." };
    private readonly Option<IReadOnlyList<Lead>?> _lead = new("--lead")
    {
        Description = "Leads of files that do not name them, e.g. II or I,II,V1. Default: the standard twelve for matrices of 12.",
        CustomParser = CliParsers.Leads,
    };

    private readonly Option<PhysicalUnit> _unit = new("--unit") { Description = "Unit of MAT and CSV samples.", DefaultValueFactory = _ => PhysicalUnit.Millivolts };

    public ReplayCommand(CliContext context) : base("replay", "Streams recordings as if devices took them now, and reports what the daemon makes of them.")
    {
        Add(_path);
        foreach (var option in new Option[] { _to, _results, _speed, _devices, _prefix, _site, _loop, _labels, _report, _model, _chunk, _timeout, _connect, _fs, _lead, _unit })
        {
            Add(option);
        }

        _devices.Require(devices => devices is >= 1 and <= 1000, "1 to 1000");
        _chunk.Require(chunk => chunk is >= 20 and <= 2000, "20 to 2000");
        _timeout.Require(seconds => seconds is > 0 and <= 86_400, "above 0, up to 86400");
        _connect.Require(seconds => seconds is > 0 and <= 86_400, "above 0, up to 86400");
        _fs.Require(rate => rate is null or (>= 100 and <= 2000), "100 to 2000");
        _prefix.Require(prefix => prefix is { Length: >= 1 and <= 50 } && prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'), "1 to 50 characters of [A-Za-z0-9._-]");
        SetAction((parsed, cancellation) => RunAsync(Settings(parsed), context, cancellation));
    }

    internal ReplaySettings Settings(ParseResult parsed)
    {
        var to = parsed.GetValue(_to)!;
        var leads = parsed.GetValue(_lead);
        var defaults = RecordingDefaults.Standard with { Unit = parsed.GetValue(_unit) };
        if (parsed.GetValue(_fs) is { } rate)
        {
            defaults = defaults with { SampleRateHz = rate };
        }

        if (leads is { Count: > 0 })
        {
            defaults = leads.Count == 1 ? defaults with { SingleLead = leads[0] } : defaults with { Leads = [.. leads] };
        }

        return new ReplaySettings
        {
            Path = parsed.GetValue(_path)!,
            To = to,
            Results = parsed.GetValue(_results)
                ?? (to.Transport == StreamTransport.Grpc ? to : new StreamEndpoint(StreamTransport.Grpc, to.Host, StreamEndpoint.DefaultGrpcPort)),
            Speed = parsed.GetValue(_speed),
            Devices = parsed.GetValue(_devices),
            DevicePrefix = parsed.GetValue(_prefix)!,
            Site = parsed.GetValue(_site)!,
            Loop = parsed.GetValue(_loop),
            LabelsPath = parsed.GetValue(_labels),
            ReportPath = parsed.GetValue(_report),
            Model = parsed.GetValue(_model),
            Chunk = TimeSpan.FromMilliseconds(parsed.GetValue(_chunk)),
            ResultTimeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
            ConnectTimeout = TimeSpan.FromSeconds(parsed.GetValue(_connect)),
            Defaults = defaults,
        };
    }

    private static async Task<int> RunAsync(ReplaySettings settings, CliContext context, CancellationToken cancellation)
    {
        var view = ReplayViews.Create(context);
        var runner = new ReplayRunner(settings, view, context.Clock);
        try
        {
            await view.ShowAsync(() => runner.RunAsync(cancellation));
        }
        catch (RecordingFormatException error)
        {
            return context.BadInput(error.Message);
        }

        foreach (var skipped in runner.Skipped)
        {
            context.Error.WriteLine($"ecgsim: passed over {skipped}");
        }

        if (settings.ReportPath is { } path)
        {
            try
            {
                runner.Report.Write(path, runner.Model);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return context.BadInput($"{path}: the report cannot be written: {error.Message}");
            }
        }

        ReplaySummary.Write(context, settings, runner);
        var totals = runner.Report.Totals;
        return totals.AnythingLost ? ExitCodes.Lost : totals.Unreadable > 0 ? ExitCodes.BadInput : ExitCodes.Done;
    }
}
