using System.Collections.Immutable;
using EcgStream.Core.Signals;

namespace EcgStream.Formats.Mat;

/// <summary>
/// Reads a MAT file that holds one recording as a matrix of leads by samples or samples by leads, at its top or inside a struct or cell. A sample rate, lead names and
/// a unit that stand beside it are used.
/// </summary>
public static class MatRecordingReader
{
    // What files call the things beside the samples, in lower case and without underscores.
    private static readonly string[] RateNames = ["fs", "samplerate", "samplingrate", "samplefreq", "samplefrequency", "samplingfrequency", "frequency", "freq", "srate", "sfreq"];
    private static readonly string[] LeadListNames = ["leads", "leadnames", "lead", "signame", "signames", "signalnames", "channels", "channelnames", "labels", "channellabels"];
    private static readonly string[] UnitNames = ["unit", "units"];

    // What files call the samples, in the order in which they win; the first two are the competitions'.
    private static readonly string[] PreferredNames = ["data", "val", "ecg", "signal", "signals", "ecgdata", "ecgsignal", "psignal"];

    /// <summary>A matrix so much larger than any other of the file is the recording.</summary>
    private const int LargerBy = 8;

    /// <exception cref="RecordingFormatException">The file is unreadable, ambiguous, or no recording under <paramref name="defaults"/>.</exception>
    public static Recording Read(string path, RecordingDefaults defaults)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(defaults);
        using MatFile file = MatFile.Open(path, defaults.Limits);
        List<string> notes = [];
        MatVariable variable = Choose(file, defaults.Variable);
        if (file.Variables.Length > 1)
        {
            notes.Add($"variable {variable} chosen out of {List(file.Variables)}");
        }

        (ImmutableArray<Lead> leads, bool transposed) = Orient(file, variable, defaults, notes);
        (double? own, string place) = StatedRate(file);
        double rate = defaults.RateOf(path, own, place, notes);
        RecordingRules.CheckSampleRate(rate, path, place);
        MatMatrix matrix = file.Read(variable);
        double[][] rows = matrix.ToRows(transposed, 1);
        rows = [.. rows.Where((_, i) => leads[i] != Lead.None)];
        RecordingInfo info = new()
        {
            Name = Path.GetFileNameWithoutExtension(path),
            SourcePath = path,
            Format = file.Version switch { 4 => RecordingFormat.Mat4, 5 => RecordingFormat.Mat5, _ => RecordingFormat.Mat73 },
            SampleRateHz = rate,
            Leads = [.. leads.Where(lead => lead != Lead.None)],
        };
        return defaults.Gain is { } gain ? FromCounts(info, rows, gain, defaults, notes)
            : matrix.Class.IsInteger() && defaults.Unit is null ? throw new RecordingFormatException(
                RecordingFault.Scale,
                path,
                $"variable {variable}",
                "integer samples, and nothing says what they mean; --gain states LSB per mV, --unit uV or auto takes them for a voltage")
            : FromVoltages(info, rows, StatedUnit(file), defaults, notes);
    }

    private static Recording FromVoltages(RecordingInfo info, double[][] rows, PhysicalUnit? own, RecordingDefaults defaults, List<string> notes)
    {
        AmplitudeCheck.ToMillivolts(info.SourcePath, rows, info.SampleRateHz, defaults.Unit, own, notes);
        return Recording.FromPhysical(info with { Notes = [.. notes] }, rows, defaults.MissingSamples);
    }

    private static Recording FromCounts(RecordingInfo info, double[][] rows, StatedGain gain, RecordingDefaults defaults, List<string> notes)
    {
        notes.Add(FormattableString.Invariant($"gain {gain.LsbPerMillivolt} per mV and baseline {gain.BaselineLsb ?? 0} as --gain says"));
        LeadScale scale = gain.Scale;

        // −32768 would be taken for the mark of a missing sample, which MAT files do not have.
        if (rows.All(row => row.All(value => value is > short.MinValue and <= short.MaxValue && value == Math.Truncate(value))))
        {
            Recording digital = Recording.FromDigital(
                info, [.. rows.Select(row => Array.ConvertAll(row, value => (short)value))], [.. Enumerable.Repeat(scale, rows.Length)]);
            AmplitudeCheck.Tell(digital, notes);
            return digital.With(info with { Notes = [.. notes] });
        }

        foreach (double[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = (row[i] - scale.BaselineLsb) * scale.GainMicrovoltsPerLsb / 1000;
            }
        }

        return Recording.FromPhysical(info with { Notes = [.. notes] }, rows, defaults.MissingSamples);
    }

    private static MatVariable Choose(MatFile file, string? wanted)
    {
        if (wanted is not null)
        {
            return file.Variables.FirstOrDefault(v => v.Name == wanted && v.IsRealMatrix) ?? throw new RecordingFormatException(
                RecordingFault.Ambiguous, file.Path, "", $"no numeric matrix '{wanted}' as --variable says; the variables are: {List(file.Variables)}");
        }

        // One number is a sample rate or a patient's age, never a recording.
        MatVariable[] candidates = [.. file.Variables.Where(v => v.IsRealMatrix && v.ElementCount > 1)];
        foreach (string name in PreferredNames)
        {
            if (candidates.FirstOrDefault(v => Key(v) == name) is { } preferred)
            {
                return preferred;
            }

            if (file.Variables.FirstOrDefault(v => v.Name == name && v.Class is not (MatClass.Struct or MatClass.Cell or MatClass.Object)) is { } other)
            {
                throw new RecordingFormatException(
                    RecordingFault.Unsupported, file.Path, $"variable {other}", "is not a real numeric matrix of two dimensions; --variable names another");
            }
        }

        MatVariable[] bySize = [.. candidates.OrderByDescending(v => v.ElementCount)];
        return bySize.Length == 1 || (bySize.Length > 1 && bySize[0].ElementCount >= LargerBy * bySize[1].ElementCount) ? bySize[0] : throw new RecordingFormatException(
            RecordingFault.Ambiguous,
            file.Path,
            "",
            $"{candidates.Length} numeric matrices could be the recording; --variable names it out of: {List(file.Variables)}");
    }

    private static string List(ImmutableArray<MatVariable> variables) =>
        string.Join(", ", variables.Take(20)) + (variables.Length > 20 ? $" and {variables.Length - 20} more" : "");

    // The last part of the name: ECG.Sample_Rate is samplerate, leads{2} is leads.
    private static string Key(MatVariable variable)
    {
        string last = variable.Name[(variable.Name.LastIndexOf('.') + 1)..];
        int brace = last.IndexOf('{', StringComparison.Ordinal);
        return (brace < 0 ? last : last[..brace]).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
    }

    private static (double? Hz, string Place) StatedRate(MatFile file)
    {
        foreach (MatVariable variable in file.Variables.Where(v => v.IsRealMatrix && v.ElementCount == 1 && RateNames.Contains(Key(v))))
        {
            return (file.Read(variable)[0, 0], $"variable {variable.Name}");
        }

        return (null, "");
    }

    private static PhysicalUnit? StatedUnit(MatFile file)
    {
        foreach (MatVariable variable in file.Variables.Where(v => v.IsText && UnitNames.Contains(Key(v))))
        {
            if (PhysicalUnits.TryParse(file.ReadText(variable), out PhysicalUnit unit))
            {
                return unit;
            }
        }

        return null;
    }

    private static (ImmutableArray<Lead> Leads, bool Transposed) Orient(MatFile file, MatVariable variable, RecordingDefaults defaults, List<string> notes)
    {
        (int rows, int columns) = (variable.Dimensions[0], variable.Dimensions[1]);
        ImmutableArray<Lead> leads = Leads(file, variable, defaults, notes);
        bool byRows = rows == leads.Length;
        if (byRows && columns == leads.Length && leads.Length > 1)
        {
            throw Shape(file.Path, variable, "leads and samples cannot be told apart in a square matrix");
        }

        return (leads, !byRows);
    }

    private static ImmutableArray<Lead> Leads(MatFile file, MatVariable variable, RecordingDefaults defaults, List<string> notes)
    {
        ImmutableArray<int> shape = variable.Dimensions;
        if (defaults.Leads is { Ordered: { IsEmpty: false } ordered })
        {
            if (shape.Contains(ordered.Length))
            {
                notes.Add($"leads {string.Join(' ', ordered.Select(lead => lead == Lead.None ? "-" : lead.Name()))} as --lead says");
                return ordered;
            }

            // One lead is meant for those files of a folder that have one.
            if (ordered.Length > 1)
            {
                throw Shape(file.Path, variable, $"neither dimension is {ordered.Length}, the number of leads that --lead names");
            }
        }

        string[] names = LeadNamesBeside(file, shape);
        if (names.Length == 0 && shape.Contains(LeadNames.StandardTwelve.Count))
        {
            notes.Add("twelve rows without names; the standard twelve leads in their usual order assumed");
            return [.. LeadNames.StandardTwelve];
        }

        if (names.Length == 0 && !shape.Contains(1))
        {
            int count = Math.Min(shape[0], shape[1]);
            throw Shape(file.Path, variable, $"{count} leads without names? Neither dimension is 12 or 1; --lead names them in order");
        }

        return SignalLeads.Resolve(file.Path, names.Length == 0 ? [new SignalName("")] : [.. names.Select(name => new SignalName(name))], defaults.Leads, notes);
    }

    /// <summary>The texts of a cell such as <c>leads = {'I', 'II', …}</c>, where it has as many as the matrix has rows or columns; else none.</summary>
    private static string[] LeadNamesBeside(MatFile file, ImmutableArray<int> shape)
    {
        foreach (IGrouping<string, MatVariable> cell in file.Variables
            .Where(v => v.IsText && v.Name.EndsWith('}') && LeadListNames.Contains(Key(v)))
            .GroupBy(v => v.Name[..v.Name.LastIndexOf('{')]))
        {
            MatVariable[] cells = [.. cell];
            if (shape.Contains(cells.Length) && cells.Length <= file.Limits.MaxLeads)
            {
                return [.. cells.Select(text => file.ReadText(text) ?? "")];
            }
        }

        return [];
    }

    private static RecordingFormatException Shape(string path, MatVariable variable, string problem) =>
        new(RecordingFault.Shape, path, $"variable {variable}", problem);
}
