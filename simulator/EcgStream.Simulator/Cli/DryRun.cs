using EcgStream.Core.Signals;
using EcgStream.Formats;

namespace EcgStream.Simulator.Cli;

/// <summary><c>ecgsim replay --dry-run</c>: reads recordings and says what would be streamed.</summary>
internal static class DryRun
{
    public static int Run(string path, RecordingDefaults defaults, CliContext context, CancellationToken cancellation)
    {
        var refused = 0;
        var read = 0;
        try
        {
            var set = RecordingReader.Open(path, defaults);
            foreach (var entry in set)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    Describe(entry.Read(), context.Out);
                    read++;
                }
                catch (RecordingFormatException refusal)
                {
                    context.Out.WriteLine($"{entry.Name}: refused: {refusal.Message}");
                    refused++;
                }
            }

            foreach (var skipped in set.Skipped)
            {
                context.Error.WriteLine($"ecgsim: passed over {skipped}");
            }
        }
        catch (RecordingFormatException refusal)
        {
            return context.BadInput(refusal.Message);
        }

        context.Out.WriteLine(FormattableString.Invariant($"{read} read, {refused} refused"));
        return refused == 0 ? ExitCodes.Done : ExitCodes.BadInput;
    }

    private static void Describe(Recording recording, TextWriter to)
    {
        // What no device can send is refused here as in a replay.
        var samples = DeviceSamples.Of(recording);
        to.WriteLine(FormattableString.Invariant(
            $"{recording.Name}: {recording.LeadCount} leads ({string.Join(' ', recording.Leads.Select(lead => lead.Name()))}), {recording.SampleCount} samples at {recording.SampleRateHz:G6} Hz ({recording.Duration.TotalSeconds:0.###} s), {samples.Scale.GainMicrovoltsPerLsb:G6} µV per LSB"));
        foreach (var note in recording.Info.Notes)
        {
            to.WriteLine($"  {note}");
        }
    }
}
