using System.CommandLine;
using EcgStream.Client.Streaming;
using EcgStream.CommandLine;
using EcgStream.Formats;
using EcgStream.Simulator.Replay;

namespace EcgStream.Simulator.Cli;

/// <summary><c>ecgsim replay PATH</c>.</summary>
internal sealed class ReplayCommand : Command
{
    private readonly Argument<string> _path = new("path") { Description = "A recording (.mat, .hea, .csv) or a folder of them." };
    private readonly Option<StreamEndpoint?> _to = new("--to") { Description = "grpc://host:port or mqtt://host:port; not needed with --dry-run.", CustomParser = CliParsers.Endpoint };
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
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only reads the recordings and says of each what would be streamed, and what was assumed or left out." };
    private readonly RecordingOptions _recordings;

    public ReplayCommand(CliContext context) : base("replay", "Streams recordings as if devices took them now, and reports what the daemon makes of them.")
    {
        Add(_path);
        foreach (var option in new Option[] { _to, _results, _speed, _devices, _prefix, _site, _loop, _labels, _report, _model, _chunk, _timeout, _connect, _dryRun })
        {
            Add(option);
        }

        _devices.Require(devices => devices is >= 1 and <= 1000, "1 to 1000");
        _chunk.Require(chunk => chunk is >= 20 and <= 2000, "20 to 2000");
        _timeout.Require(seconds => seconds is > 0 and <= 86_400, "above 0, up to 86400");
        _connect.Require(seconds => seconds is > 0 and <= 86_400, "above 0, up to 86400");
        _prefix.Require(prefix => prefix is { Length: >= 1 and <= 50 } && prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'), "1 to 50 characters of [A-Za-z0-9._-]");
        _recordings = new RecordingOptions(this, RecordingDefaults.Standard);
        Validators.Add(result =>
        {
            if (!result.GetValue(_dryRun) && result.GetResult(_to) is null)
            {
                result.AddError("--to is missing; it is grpc://host:port or mqtt://host:port. With --dry-run nothing is streamed.");
            }
        });
        SetAction((parsed, cancellation) => parsed.GetValue(_dryRun)
            ? Task.FromResult(DryRun.Run(parsed.GetValue(_path)!, _recordings.Read(parsed), context, cancellation))
            : RunAsync(Settings(parsed), context, cancellation));
    }

    internal ReplaySettings Settings(ParseResult parsed)
    {
        var to = parsed.GetValue(_to)!;
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
            Defaults = _recordings.Read(parsed),
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
