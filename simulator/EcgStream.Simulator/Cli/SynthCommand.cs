using System.CommandLine;
using System.Globalization;
using EcgStream.Client.Streaming;
using EcgStream.Core.Signals;
using EcgStream.Formats;
using EcgStream.Simulator.Files;
using EcgStream.Simulator.Fleet;
using EcgStream.Simulator.Synth;
using Spectre.Console;

namespace EcgStream.Simulator.Cli;

/// <summary><c>ecgsim synth</c>: writes synthetic recordings, or streams synthetic patients.</summary>
internal sealed class SynthCommand : Command
{
    private readonly Option<RhythmKind[]> _rhythm = new("--rhythm")
    {
        Description = "sinus, brady, tachy, af, pvc, asystole or vf; several, separated by commas, take turns.",
        CustomParser = CliParsers.Rhythms,
        DefaultValueFactory = _ => [RhythmKind.Sinus],
    };

    private readonly Option<int> _count = new("--count", "--devices") { Description = "Recordings, or devices; each has a seed of its own.", DefaultValueFactory = _ => 1 };
    private readonly Option<double?> _seconds = new("--seconds") { Description = "Length. Default: 30 for files, without end for streams." };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of the first patient; the next ones follow.", DefaultValueFactory = _ => 1 };
    private readonly Option<IReadOnlyList<Lead>?> _leads = new("--leads") { Description = "12, 1 (lead II), or names such as I,II,V1.", CustomParser = CliParsers.Leads, DefaultValueFactory = _ => LeadNames.StandardTwelve };
    private readonly Option<double> _fs = new("--fs") { Description = "Samples per second, 100 to 1000.", DefaultValueFactory = _ => 500 };
    private readonly Option<double?> _rate = new("--bpm") { Description = "Mean heart rate. Default: the seed chooses one that suits the rhythm." };
    private readonly Option<double> _pvc = new("--pvc-per-minute") { Description = "Premature beats, or runs of them, per minute.", DefaultValueFactory = _ => 12 };
    private readonly Option<int> _run = new("--pvc-run") { Description = "Beats of each premature run; 3 and more are ventricular tachycardia.", DefaultValueFactory = _ => 1 };
    private readonly Option<double?> _onset = new("--onset") { Description = "Seconds of sinus rhythm before the rhythm starts. Default: 0, or 12 before asystole and vf." };
    private readonly Option<double?> _episode = new("--episode") { Description = "Seconds after which sinus rhythm returns. Default: never." };
    private readonly Option<double> _baseline = new("--baseline-uv") { Description = "Baseline wander, µV rms.", DefaultValueFactory = _ => NoiseSpec.Resting.BaselineMicrovolts };
    private readonly Option<double> _emg = new("--emg-uv") { Description = "Muscle noise, µV rms.", DefaultValueFactory = _ => NoiseSpec.Resting.EmgMicrovolts };
    private readonly Option<double> _mains = new("--mains-uv") { Description = "Mains hum, µV rms.", DefaultValueFactory = _ => NoiseSpec.Resting.MainsMicrovolts };
    private readonly Option<double> _mainsHz = new("--mains-hz") { Description = "50 or 60.", DefaultValueFactory = _ => 50 };
    private readonly Option<string?> _out = new("--out") { Description = "Folder to write recordings into, with NAME.atr (beats and rhythm) beside each and reference.txt for all." };
    private readonly Option<RecordFormat> _format = new("--format") { Description = "wfdb, mat, mat4 or csv.", DefaultValueFactory = _ => RecordFormat.Wfdb };
    private readonly Option<string> _name = new("--name") { Description = "Recordings and devices are NAME-0001 and so on.", DefaultValueFactory = _ => "synth" };
    private readonly Option<StreamEndpoint?> _to = new("--to") { Description = "Streams in real time to grpc://host:port or mqtt://host:port.", CustomParser = CliParsers.Endpoint };
    private readonly Option<double> _chunk = new("--chunk-ms") { Description = "Length of a chunk, 20 to 2000 ms.", DefaultValueFactory = _ => 250 };
    private readonly Option<string> _site = new("--site") { Description = "Site segment of the MQTT topics.", DefaultValueFactory = _ => "main" };

    public SynthCommand(CliContext context) : base("synth", "Makes synthetic ECGs with known beats and rhythm: files with --out, live devices with --to.")
    {
        foreach (var option in new Option[]
        {
            _rhythm, _count, _seconds, _seed, _leads, _fs, _rate, _pvc, _run, _onset, _episode, _baseline, _emg, _mains, _mainsHz, _out, _format, _name, _to, _chunk, _site,
        })
        {
            Add(option);
        }

        _count.Require(count => count is >= 1 and <= 10_000, "1 to 10000");
        _seconds.Require(seconds => seconds is null or (> 0 and <= 86_400), "above 0, up to 86400");
        _chunk.Require(chunk => chunk is >= 20 and <= 2000, "20 to 2000");
        Validators.Add(command =>
        {
            if (command.GetResult(_out) is null == command.GetResult(_to) is null)
            {
                command.AddError("Either --out FOLDER or --to ADDRESS is needed.");
            }
        });
        SetAction((parsed, cancellation) => RunAsync(parsed, context, cancellation));
    }

    private async Task<int> RunAsync(ParseResult parsed, CliContext context, CancellationToken cancellation)
    {
        SynthSpec[] specs;
        try
        {
            specs = [.. Enumerable.Range(0, parsed.GetValue(_count)).Select(index => Spec(parsed, index))];
            specs[0].Validate();
        }
        catch (ArgumentException error)
        {
            return context.BadInput(error.Message);
        }

        return parsed.GetValue(_to) is { } to
            ? await StreamAsync(parsed, specs, to, context, cancellation)
            : WriteFiles(parsed, specs, context, cancellation);
    }

    private SynthSpec Spec(ParseResult parsed, int index)
    {
        var rhythms = parsed.GetValue(_rhythm)!;
        return new SynthSpec
        {
            Rhythm = rhythms[index % rhythms.Length],
            Seed = parsed.GetValue(_seed) + (ulong)index,
            Leads = parsed.GetValue(_leads)!,
            SampleRateHz = parsed.GetValue(_fs),
            HeartRateBpm = parsed.GetValue(_rate),
            PvcPerMinute = parsed.GetValue(_pvc),
            PvcRunLength = parsed.GetValue(_run),
            Onset = parsed.GetValue(_onset) is { } onset ? TimeSpan.FromSeconds(onset) : null,
            EpisodeDuration = parsed.GetValue(_episode) is { } episode ? TimeSpan.FromSeconds(episode) : null,
            Noise = new NoiseSpec(parsed.GetValue(_baseline), parsed.GetValue(_emg), parsed.GetValue(_mains), parsed.GetValue(_mainsHz)),
        };
    }

    private string RecordName(ParseResult parsed, int index) => string.Create(CultureInfo.InvariantCulture, $"{parsed.GetValue(_name)}-{index + 1:0000}");

    private int WriteFiles(ParseResult parsed, SynthSpec[] specs, CliContext context, CancellationToken cancellation)
    {
        var folder = parsed.GetValue(_out)!;
        var samples = (int)Math.Round((parsed.GetValue(_seconds) ?? 30) * parsed.GetValue(_fs));
        try
        {
            Directory.CreateDirectory(folder);
            var labels = new List<KeyValuePair<string, string>>();
            for (var index = 0; index < specs.Length && !cancellation.IsCancellationRequested; index++)
            {
                var recording = SyntheticRecord.Make(RecordName(parsed, index), specs[index], samples);
                context.Out.WriteLine(SyntheticRecord.Write(folder, recording, parsed.GetValue(_format)));
                labels.Add(KeyValuePair.Create(recording.Name, SyntheticRecord.Label(specs[index].Rhythm)));
            }

            LabelFile.Write(Path.Combine(folder, "reference.txt"), labels);
            return cancellation.IsCancellationRequested ? ExitCodes.Lost : ExitCodes.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or RecordingFormatException)
        {
            return context.BadInput(error.Message);
        }
    }

    private async Task<int> StreamAsync(ParseResult parsed, SynthSpec[] specs, StreamEndpoint to, CliContext context, CancellationToken cancellation)
    {
        var patients = specs.Select((spec, index) => new SyntheticPatient(RecordName(parsed, index), spec, to.Transport)).ToList();
        var endpoints = to.Transport == StreamTransport.Grpc ? new FleetEndpoints(to, null) : new FleetEndpoints(null, to);
        var options = new FleetOptions
        {
            Chunk = TimeSpan.FromMilliseconds(parsed.GetValue(_chunk)),
            Stream = new DeviceStreamOptions { Site = parsed.GetValue(_site)!, GiveUpAfter = TimeSpan.FromSeconds(15) },
        };
        var duration = parsed.GetValue(_seconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
        context.Out.WriteLine(FormattableString.Invariant($"{patients.Count} devices stream to {to}{(duration < TimeSpan.Zero ? "; Ctrl-C ends" : "")}"));
        var run = SyntheticFleet.RunAsync(patients, endpoints, duration, options, context.Clock, cancellation);
        var totals = await run;
        foreach (var patient in totals)
        {
            context.Out.WriteLine(FormattableString.Invariant(
                $"{patient.DeviceId} {patient.Rhythm}: {patient.SamplesPerLead} samples, {patient.Chunks.Sent} chunks sent, {patient.Chunks.Acked} acked, {patient.Chunks.Refused} refused, {patient.Chunks.Unanswered} lost{(patient.Fault is { } fault ? ": " + fault : "")}"));
        }

        return totals.Any(patient => patient.Fault is not null || patient.Chunks.Refused > 0 || patient.Chunks.Unanswered > 0) ? ExitCodes.Lost : ExitCodes.Done;
    }
}
