using EcgStream.Evaluation.Reports;

namespace EcgStream.Evaluation.NoiseStress;

/// <summary>The report of a noise stress test: a table and, per noise, the curves over the signal-to-noise ratio.</summary>
internal static class NstReport
{
    public static string Make(NstRun run)
    {
        var page = new Html()
            .Note("Noise stress after nst of WFDB: noise added from 5 minutes on, two minutes with and two without by turns, its gain set from the QRS amplitude. Se and +P beat by beat "
                + "at 150 ms over the record behind the first 5 minutes, clean stretches included; in the noisy stretches alone beside it. Not a medical device.");
        if (run.MissingNoises.Count > 0)
        {
            page.Paragraph($"Not there, so not tested: {string.Join(", ", run.MissingNoises)}.");
        }

        foreach (var noise in run.Cases.Where(item => item.Decibels is not null).GroupBy(item => item.Noise))
        {
            var levels = noise.Select(item => item.Decibels!.Value).ToList();
            var lowest = noise.SelectMany(item => new[] { item.Score.Beats.QrsSensitivity.Percent, item.Score.Beats.QrsPredictivity.Percent }).Min() ?? 0;
            var plot = new SvgPlot((levels.Min() - 1, levels.Max() + 1), (Math.Max(0, Math.Floor((lowest - 1) / 5) * 5), 100)).Axes("signal to noise, dB", "%");
            foreach (var record in noise.GroupBy(item => item.Record))
            {
                plot.Series($"{record.Key} Se", record.Select(item => (item.Decibels!.Value, item.Score.Beats.QrsSensitivity.Percent)));
                plot.Series($"{record.Key} +P", record.Select(item => (item.Decibels!.Value, item.Score.Beats.QrsPredictivity.Percent)));
            }

            page.Heading($"Noise {noise.Key}").Svg(plot.ToString());
        }

        page.Heading("All").Table(
            ["record", "noise", "SNR dB", "beats", "missed", "extra", "QRS Se", "QRS +P", "Se, noisy", "+P, noisy"],
            run.Cases.Select(item => ((IReadOnlyList<string>)
            [
                item.Record, item.Noise.Length > 0 ? item.Noise : "clean", Html.Number(item.Decibels, "0"), Html.Number(item.Score.Beats.Beats, "0"), Html.Number(item.Score.Beats.Missed, "0"),
                Html.Number(item.Score.Beats.Extra, "0"), item.Score.Beats.QrsSensitivity.ToString(), item.Score.Beats.QrsPredictivity.ToString(), item.NoisySensitivity.ToString(), item.NoisyPredictivity.ToString(),
            ], item.Decibels is null)));
        return page.ToPage("Noise stress test");
    }
}
