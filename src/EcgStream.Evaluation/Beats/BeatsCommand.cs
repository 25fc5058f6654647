using System.CommandLine;
using System.Text.Json;
using EcgStream.Core.Beats;
using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Beats;

/// <summary>
/// <c>ecgeval beats</c>: what the daemon would feed to a beat model, as arrays for training: <c>inputs.npy</c> [beats, rows × samples + features],
/// <c>beats.npy</c> [beats, (record, lead set, sample, class)] and <c>index.json</c>, which says what the numbers stand for. Lead set 0 is both leads, n the nth lead alone.
/// </summary>
internal sealed class BeatsCommand : Command
{
    private readonly Argument<string> _folder = new("folder") { Description = "WFDB records with reference annotations (.atr)." };
    private readonly Option<string> _out = new("--out", "-o") { Description = "Folder for the arrays.", Required = true };
    private readonly Option<string[]> _records = new("--records") { Description = "Names of records, or ds1, ds2; default: all.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _leads = new("--leads") { Description = "1: each lead alone; 2: the two leads together.", DefaultValueFactory = _ => 2 };
    private readonly Option<int?> _workers = new("--workers") { Description = "Records at a time; default: one per core." };

    public BeatsCommand(EvalContext context)
        : base("beats", "Writes beat windows and features, exactly as a model would get them, with the reference's classes.")
    {
        Add(_folder);
        Add(_out);
        Add(_records);
        Add(_leads);
        Add(_workers);
        SetAction((parsed, cancellation) => RunAsync(context, parsed, cancellation));
    }

    private async Task<int> RunAsync(EvalContext context, ParseResult parsed, CancellationToken cancellation)
    {
        var leads = parsed.GetValue(_leads);
        if (leads is not (1 or 2))
        {
            return context.BadInput($"--leads is {leads}, accepted are 1 and 2");
        }

        try
        {
            var names = RecordSets.Names(parsed.GetValue(_records) ?? []);
            var entries = RecordFolder.List(parsed.GetRequiredValue(_folder)).Where(entry => names.Count == 0 || names.Contains(entry.Name)).ToList();
            var sets = await RecordMap.RunAsync(context, "records", entries, (entry, stop) => Read(entry.Read(), leads, stop), cancellation, parsed.GetValue(_workers));
            Write(parsed.GetRequiredValue(_out), entries, sets, leads);
            context.Out.WriteLine(JsonSerializer.Serialize(new
            {
                records = entries.Count,
                beats = sets.Sum(record => record.Sum(set => set.Inputs.Count)),
                unclassified = sets.Sum(record => record.Sum(set => set.Unclassified)),
            }));
            return ExitCodes.Done;
        }
        catch (Exception problem) when (problem is RecordingFormatException or IOException or UnauthorizedAccessException)
        {
            return context.BadInput(problem.Message);
        }
    }

    private static IReadOnlyList<BeatSet> Read(Recording recording, int leads, CancellationToken cancellation) => leads == 2
        ? recording.LeadCount >= 2 ? [BeatSet.Of(recording, 2, cancellation)] : []
        : [.. Enumerable.Range(0, recording.LeadCount).Select(lead => BeatSet.Of(OneLead(recording, lead), 1, cancellation))];

    private static Recording OneLead(Recording recording, int lead) => Recording.FromDigital(
        recording.Info with { Leads = [recording.Leads[lead]] }, [recording.Digital(lead).ToArray()], [recording.Scale(lead)]);

    private static void Write(string folder, IReadOnlyList<RecordingEntry> entries, IReadOnlyList<IReadOnlyList<BeatSet>> sets, int leads)
    {
        Directory.CreateDirectory(folder);
        var recipe = BeatSetRecipes.Of(leads);
        var inputs = new List<float[]>();
        var beats = new List<long[]>();
        for (var record = 0; record < sets.Count; record++)
        {
            for (var set = 0; set < sets[record].Count; set++)
            {
                var found = sets[record][set];
                inputs.AddRange(found.Inputs);
                beats.AddRange(found.Samples.Select((sample, index) => new[] { record, leads == 2 ? 0 : set + 1, sample, (long)found.Labels[index] }));
            }
        }

        NpyWriter.Write(Path.Combine(folder, "inputs.npy"), inputs, recipe.InputLength);
        NpyWriter.Write(Path.Combine(folder, "beats.npy"), beats, 4);
        var index = new
        {
            records = entries.Select(entry => entry.Name),
            rows = recipe.RowCount,
            samples = recipe.OutputSamples,
            features = recipe.Beat!.Features.Select(feature => feature.Name()),
            classes = new[] { "N", "S", "V", "F", "Q", "O" },
        };
        File.WriteAllText(Path.Combine(folder, "index.json"), JsonSerializer.Serialize(index) + "\n");
    }
}
