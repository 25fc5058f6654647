using System.Globalization;
using System.Text;

namespace EcgStream.Daemon.Telemetry.Exposition;

/// <summary>The text format that Prometheus scrapes, version 0.0.4; names and suffixes as OpenTelemetry maps them (dots to underscores, unit, <c>_total</c>).</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(MetricStore store)
    {
        var text = new StringBuilder(32 * 1024);
        store.Read(family => Write(text, family));
        return text.ToString();
    }

    public static void Write(StringBuilder text, MetricFamily family)
    {
        var name = NameOf(family);
        text.Append("# HELP ").Append(name).Append(' ');
        Escape(text, family.Description.Length > 0 ? family.Description : family.Name, quoted: false);
        text.Append('\n').Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(family.Kind)).Append('\n');
        var any = false;
        foreach (var series in family.Series)
        {
            any = true;
            if (family.Kind == MetricKind.Histogram)
            {
                WriteHistogram(text, name, family, series);
            }
            else
            {
                Sample(text, name, "", series.Tags, null, series.Value);
            }
        }

        if (!any && family.IsZeroWithoutSeries)
        {
            // A counter that appears with its first count would hide that count from increase().
            Sample(text, name, "", [], null, 0);
        }
    }

    /// <summary><c>ecg.journal.commit.duration</c> in s becomes <c>ecg_journal_commit_duration_seconds</c>.</summary>
    public static string NameOf(MetricFamily family)
    {
        var name = Valid(family.Name, colon: true);
        var unit = family.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "Cel" => "_celsius",
            "1" when family.Kind == MetricKind.Gauge => "_ratio",
            _ => "", // {chunk} and the like are annotations, not units
        };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal))
        {
            name += unit;
        }

        return family.Kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static void WriteHistogram(StringBuilder text, string name, MetricFamily family, MetricSeries series)
    {
        // The count is the sum of the buckets just read, so that the last bucket and the count agree while measurements come in.
        var count = 0L;
        for (var bucket = 0; bucket <= family.Bounds.Length; bucket++)
        {
            count += series.Bucket(bucket);
            Sample(text, name, "_bucket", series.Tags, bucket < family.Bounds.Length ? Number(family.Bounds[bucket]) : "+Inf", count);
        }

        Sample(text, name, "_sum", series.Tags, null, series.Value);
        Sample(text, name, "_count", series.Tags, null, count);
    }

    private static void Sample(StringBuilder text, string name, string suffix, KeyValuePair<string, object?>[] tags, string? le, double value)
    {
        text.Append(name).Append(suffix);
        var separator = '{';
        foreach (var (key, tag) in tags)
        {
            text.Append(separator).Append(Valid(key, colon: false)).Append("=\"");
            Escape(text, Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "", quoted: true);
            text.Append('"');
            separator = ',';
        }

        if (le is not null)
        {
            text.Append(separator).Append("le=\"").Append(le).Append('"');
            separator = ',';
        }

        text.Append(separator == ',' ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Valid(string name, bool colon)
    {
        var valid = string.Create(name.Length, (name, colon), static (letters, source) =>
        {
            for (var i = 0; i < letters.Length; i++)
            {
                var letter = source.name[i];
                letters[i] = char.IsAsciiLetterOrDigit(letter) || (source.colon && letter == ':') ? letter : '_';
            }
        });
        return valid.Length > 0 && char.IsAsciiDigit(valid[0]) ? "_" + valid : valid;
    }

    /// <summary>Backslash and line feed; in a label's value the quote too.</summary>
    private static void Escape(StringBuilder text, string value, bool quoted)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '"' when quoted => text.Append("\\\""),
                _ => text.Append(letter),
            };
        }
    }
}
