using System.Collections.Immutable;
using EcgStream.Core.Signals;

namespace EcgStream.Formats.Mat;

/// <summary>Reads a MAT file that holds one recording as a matrix of leads by samples or samples by leads.</summary>
public static class MatRecordingReader
{
    // What files call their sample rate where they hold one.
    private static readonly string[] RateNames = ["fs", "sample_rate", "sampling_rate", "samplerate", "frequency"];

    // The names that the competitions use, in the order in which they win.
    private static readonly string[] PreferredNames = ["data", "val"];

    /// <exception cref="RecordingFormatException">The file is unreadable, ambiguous, or no recording under <paramref name="defaults"/>.</exception>
    public static Recording Read(string path, RecordingDefaults defaults)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(defaults);
        using MatFile file = MatFile.Open(path, defaults.Limits);
        MatVariable variable = Choose(file);
        ImmutableArray<string>.Builder notes = ImmutableArray.CreateBuilder<string>();
        if (file.Variables.Length > 1)
        {
            notes.Add($"variable {variable} chosen out of {string.Join(", ", file.Variables)}");
        }

        (ImmutableArray<Lead> leads, bool transposed) = Orient(path, variable, defaults, notes);
        CheckStatedRate(file, defaults);
        notes.Add(FormattableString.Invariant($"sample rate {defaults.SampleRateHz} Hz taken from the caller"));
        MatMatrix matrix = file.Read(variable);
        RecordingInfo info = new()
        {
            Name = Path.GetFileNameWithoutExtension(path),
            SourcePath = path,
            Format = file.Version == 5 ? RecordingFormat.Mat5 : RecordingFormat.Mat4,
            SampleRateHz = defaults.SampleRateHz,
            Leads = leads,
        };
        if (!matrix.Class.IsInteger())
        {
            notes.Add($"unit {defaults.Unit} taken from the caller");
            return Recording.FromPhysical(info with { Notes = notes.ToImmutable() }, matrix.ToRows(transposed, defaults.MillivoltsPerUnit));
        }

        LeadScale scale = defaults.IntegerScale ?? throw new RecordingFormatException(
            RecordingFault.Scale,
            path,
            $"variable {variable}",
            $"integer samples without a WFDB header beside them: state {nameof(RecordingDefaults)}.{nameof(RecordingDefaults.IntegerScale)}");
        notes.Add(FormattableString.Invariant($"{scale.GainMicrovoltsPerLsb} µV per LSB with baseline {scale.BaselineLsb} taken from the caller"));
        short[][] samples = ToDigital(path, matrix, transposed);
        return Recording.FromDigital(info with { Notes = notes.ToImmutable() }, samples, [.. Enumerable.Repeat(scale, leads.Length)]);
    }

    private static MatVariable Choose(MatFile file)
    {
        foreach (string name in PreferredNames)
        {
            if (file.Variables.FirstOrDefault(v => v.Name == name) is { } preferred)
            {
                return preferred.IsRealMatrix ? preferred : throw new RecordingFormatException(
                    RecordingFault.Unsupported, file.Path, $"variable {preferred}", "is not a real numeric matrix of two dimensions");
            }
        }

        // One number is a sample rate or a patient's age, never a recording.
        MatVariable[] candidates = [.. file.Variables.Where(v => v.IsRealMatrix && v.ElementCount > 1)];
        return candidates.Length == 1 ? candidates[0] : throw new RecordingFormatException(
            RecordingFault.Ambiguous,
            file.Path,
            "",
            $"no variable 'data' or 'val' and {candidates.Length} numeric matrices; the variables are: {string.Join(", ", file.Variables)}");
    }

    /// <summary>A file that states another rate than the caller is not read at the wrong speed.</summary>
    private static void CheckStatedRate(MatFile file, RecordingDefaults defaults)
    {
        foreach (MatVariable variable in file.Variables.Where(v => v.IsRealMatrix && v.ElementCount == 1))
        {
            if (RateNames.Contains(variable.Name, StringComparer.OrdinalIgnoreCase)
                && file.Read(variable)[0, 0] is var stated
                && stated != defaults.SampleRateHz)
            {
                throw new RecordingFormatException(
                    RecordingFault.SampleRate,
                    file.Path,
                    $"variable {variable.Name}",
                    FormattableString.Invariant($"states {stated} Hz, the caller {defaults.SampleRateHz} Hz"));
            }
        }
    }

    private static (ImmutableArray<Lead> Leads, bool Transposed) Orient(
        string path, MatVariable variable, RecordingDefaults defaults, ImmutableArray<string>.Builder notes)
    {
        (int rows, int columns) = (variable.Dimensions[0], variable.Dimensions[1]);
        ImmutableArray<Lead> leads = defaults.Leads ?? LeadsByShape(path, variable, defaults);
        bool byRows = rows == leads.Length;
        if (!byRows && columns != leads.Length)
        {
            throw Shape(path, variable, $"neither dimension is {leads.Length}, the number of leads");
        }

        if (byRows && columns == leads.Length && leads.Length > 1)
        {
            throw Shape(path, variable, "leads and samples cannot be told apart in a square matrix");
        }

        string source = defaults.Leads is null ? "by the matrix's shape" : "from the caller";
        notes.Add($"leads {string.Join(", ", leads.Select(l => l.Name()))} taken {source}");
        return (leads, !byRows);
    }

    private static ImmutableArray<Lead> LeadsByShape(string path, MatVariable variable, RecordingDefaults defaults)
    {
        if (variable.Dimensions.Contains(LeadNames.StandardTwelve.Count))
        {
            return [.. LeadNames.StandardTwelve];
        }

        if (!variable.Dimensions.Contains(1))
        {
            throw Shape(path, variable, "neither dimension is 12 or 1; state the leads");
        }

        return defaults.SingleLead is { } single ? [single] : throw new RecordingFormatException(
            RecordingFault.Lead,
            path,
            $"variable {variable}",
            $"one lead without a name: state {nameof(RecordingDefaults)}.{nameof(RecordingDefaults.SingleLead)}");
    }

    private static short[][] ToDigital(string path, MatMatrix matrix, bool transposed)
    {
        double[][] rows = matrix.ToRows(transposed, 1);
        short[][] samples = new short[rows.Length][];
        for (int lead = 0; lead < rows.Length; lead++)
        {
            samples[lead] = new short[rows[lead].Length];
            for (int i = 0; i < rows[lead].Length; i++)
            {
                double value = rows[lead][i];

                // −32768 would be taken for the mark of a missing sample, which MAT files do not have.
                if (value is <= short.MinValue or > short.MaxValue)
                {
                    throw new RecordingFormatException(
                        RecordingFault.SampleValue,
                        path,
                        FormattableString.Invariant($"variable {matrix.Name}, lead {lead}, sample {i}"),
                        FormattableString.Invariant($"{value} LSB is outside -32767 to 32767"));
                }

                samples[lead][i] = (short)value;
            }
        }

        return samples;
    }

    private static RecordingFormatException Shape(string path, MatVariable variable, string problem) =>
        new(RecordingFault.Shape, path, $"variable {variable}", problem);
}
