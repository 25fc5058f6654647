using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.NoiseStress;

/// <summary>The whole noise stress test: records × noises × levels.</summary>
/// <param name="MissingNoises">Noises asked for that the folder has not.</param>
internal sealed record NstRun(IReadOnlyList<NstCase> Cases, IReadOnlyList<string> MissingNoises, TimeSpan Elapsed)
{
    /// <exception cref="RecordingFormatException">A record cannot be read, or the folder holds none of the noises.</exception>
    public static async Task<NstRun> RunAsync(EvalContext context, NstOptions options, IBeatStageFactory stages, CancellationToken cancellation)
    {
        var begin = context.Clock.GetTimestamp();
        List<Recording> clean = [.. options.Records.Select(name => RecordFolder.List(Path.Combine(options.EcgFolder, name))[0].Read())];
        var noises = new Dictionary<string, WfdbRecord>();
        foreach (var name in options.Noises)
        {
            var header = Path.Combine(options.NoiseFolder, name + WfdbRecordingReader.HeaderExtension);
            if (File.Exists(header))
            {
                noises[name] = WfdbRecordReader.Read(header);
            }
        }

        if (noises.Count == 0)
        {
            throw new RecordingFormatException(RecordingFault.Unreadable, options.NoiseFolder, "", $"holds none of the noise records {string.Join(", ", options.Noises)}");
        }

        var work = new List<(Recording Clean, string Noise, double? Decibels)>();
        foreach (var record in clean)
        {
            work.Add((record, "", null));
            work.AddRange(noises.Keys.SelectMany(noise => options.Decibels.Select(level => (record, noise, (double?)level))));
        }

        var scorer = new RecordScorer(new Ec57Options(options.EcgFolder, options.Output, "ecg", [], ScoredSpan.LearningSeconds, options.Workers), stages);
        if (options.Output is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var cases = await RecordMap.RunAsync(context, "noise stress", work, Score, cancellation, options.Workers);
        return new NstRun(cases, [.. options.Noises.Where(name => !noises.ContainsKey(name))], context.Clock.GetElapsedTime(begin));

        NstCase Score((Recording Clean, string Noise, double? Decibels) item, CancellationToken token)
        {
            var record = item.Decibels is { } level ? NoiseMixer.Mix(item.Clean, noises[item.Noise], level, Name(item.Clean.Name, item.Noise, level)) : item.Clean;
            return Case(item.Clean, item.Noise, item.Decibels, scorer.Score(record, token));
        }
    }

    /// <summary>As the noise stress database names its records: 118e06, 119e_6.</summary>
    internal static string Name(string record, string noise, double decibels) =>
        FormattableString.Invariant($"{record}{noise}{(decibels < 0 ? "_" : "")}{Math.Abs(decibels):00}");

    private static NstCase Case(Recording clean, string noise, double? decibels, RecordScore score)
    {
        var rate = clean.SampleRateHz;
        var beats = (clean.Info.Annotations ?? []).Count(annotation => annotation.IsBeat && NoiseProtocol.IsNoisy(annotation.SampleIndex / rate));
        var errors = score.Mismatches.Where(mismatch => NoiseProtocol.IsNoisy(mismatch.At / rate)).ToList();
        return new NstCase(
            clean.Name, noise, decibels, score, beats, errors.Count(error => error.Test >= BeatLabel.O), errors.Count(error => error.Reference >= BeatLabel.O));
    }
}
