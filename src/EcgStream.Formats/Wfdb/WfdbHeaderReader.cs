using System.Collections.Immutable;
using System.Text;

namespace EcgStream.Formats.Wfdb;

/// <summary>
/// Reads WFDB headers (WFDB Applications Guide, header(5)). Compressed signal formats are refused by name.
/// </summary>
public static class WfdbHeaderReader
{
    private const double DefaultFrequencyHz = 250;
    private const int MaxSamplesPerFrame = 1000;
    private const int MaxSkewFrames = 1_000_000;

    /// <param name="allowNoSignals">Take the header of a record that has annotations alone, too.</param>
    /// <exception cref="RecordingFormatException">The header cannot be read, is damaged, or needs what is not read here.</exception>
    public static WfdbHeader Read(string path, RecordingLimits? limits = null, bool allowNoSignals = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        limits ??= RecordingLimits.Standard;
        return SourceFile.Guard(path, () => Parse(path, SourceFile.ReadAll(path, limits.MaxHeaderBytes), limits, allowNoSignals));
    }

    internal static WfdbHeader Parse(string path, byte[] bytes, RecordingLimits limits, bool allowNoSignals = false)
    {
        string[] lines = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Split('\n');
        WfdbHeader? header = null;
        int extraLines = 0;
        List<WfdbSegment> segments = [];
        List<string> notes = [];
        ImmutableArray<WfdbSignalSpec>.Builder signals = ImmutableArray.CreateBuilder<WfdbSignalSpec>();
        ImmutableArray<string>.Builder comments = ImmutableArray.CreateBuilder<string>();
        for (int i = 0; i < lines.Length; i++)
        {
            WfdbHeaderLine line = new(path, i + 1, lines[i]);
            if (line.IsBlank)
            {
                continue;
            }

            if (line.IsComment)
            {
                comments.Add(line.Comment);
            }
            else if (header is null)
            {
                header = ParseRecordLine(line, limits, notes, allowNoSignals ? 0 : 1);
            }
            else if (header.Segments.IsDefault && segments.Count < header.AnnouncedSegments)
            {
                segments.Add(ParseSegmentLine(line));
            }
            else if (!header.Segments.IsDefault && signals.Count < header.AnnouncedSignals)
            {
                signals.Add(ParseSignalLine(line));
            }
            else
            {
                extraLines++;
            }
        }

        if (header is null)
        {
            throw new RecordingFormatException(RecordingFault.Malformed, path, "", "the header has no record line");
        }

        if (segments.Count < header.AnnouncedSegments || (header.AnnouncedSegments == 0 && signals.Count == 0 && header.AnnouncedSignals > 0))
        {
            throw new RecordingFormatException(
                RecordingFault.Truncated,
                path,
                $"line {lines.Length}",
                header.AnnouncedSegments > 0
                    ? $"{header.AnnouncedSegments} segments announced, {segments.Count} listed"
                    : $"{header.AnnouncedSignals} signals announced, none described");
        }

        if (extraLines > 0)
        {
            string announced = header.AnnouncedSegments > 0 ? $"{header.AnnouncedSegments} segments" : $"{header.AnnouncedSignals} signals";
            notes.Add($"the header has {extraLines} lines after the {announced} that it announces; they were not read");
        }

        return header with { Signals = signals.ToImmutable(), Segments = [.. segments], Comments = comments.ToImmutable(), Notes = [.. notes] };
    }

    // name[/segments] signals [fs[/counter[(base)]] [samples [time [date]]]]
    private static WfdbHeader ParseRecordLine(WfdbHeaderLine line, RecordingLimits limits, List<string> notes, int leastSignals)
    {
        string name = line.Require("record name");
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        int segments = slash < 0 ? 0 : line.ToInt("number of segments", name[(slash + 1)..]);
        if (slash >= 0 && (segments < 1 || segments > limits.MaxSegments))
        {
            throw line.Fault(RecordingFault.LimitExceeded, "number of segments", $"{segments} is outside 1 to {limits.MaxSegments}");
        }

        int signals = line.RequireInt("number of signals", leastSignals, limits.MaxLeads);
        string? rate = line.Next();
        if (rate is null)
        {
            notes.Add(FormattableString.Invariant($"the header states no sampling frequency; {DefaultFrequencyHz} Hz as WFDB says, unless --fs states another"));
        }

        (string frequency, string? counter, string? baseCounter) = rate is null ? ("", null, null) : SplitRate(rate);
        return new WfdbHeader
        {
            RecordName = slash < 0 ? name : name[..slash],
            StatesSampleRate = rate is not null,
            AnnouncedSignals = signals,
            AnnouncedSegments = segments,

            // Default until the lines are read: tells signal lines from segment lines.
            Segments = segments > 0 ? default : [],
            SampleRateHz = rate is null ? DefaultFrequencyHz : line.ToDouble("sampling frequency", frequency),
            CounterFrequencyHz = counter is null ? null : line.ToDouble("counter frequency", counter),
            BaseCounter = baseCounter is null ? null : line.ToDouble("base counter value", baseCounter),
            SampleCount = line.Next() is { } samples && line.ToLong("samples per signal", samples, 0) is > 0 and var count ? count : null,
            BaseTime = line.Next(),
            BaseDate = line.Next(),
            Signals = [],
        };
    }

    private static WfdbSegment ParseSegmentLine(WfdbHeaderLine line)
    {
        string name = line.Require("segment name");
        if (name != "~" && !IsFileName(name))
        {
            throw line.Fault(RecordingFault.Unsupported, "segment name", $"'{name}' is not the name of a header beside this one");
        }

        return new WfdbSegment(name, line.ToLong("samples of the segment", line.Require("samples of the segment"), 0));
    }

    private static bool IsFileName(string name) =>
        name != "-" && !name.AsSpan().ContainsAny("/\\:\0") && !name.StartsWith("..", StringComparison.Ordinal);

    private static (string Frequency, string? Counter, string? BaseCounter) SplitRate(string rate)
    {
        int slash = rate.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return (rate, null, null);
        }

        string counter = rate[(slash + 1)..];
        int open = counter.IndexOf('(', StringComparison.Ordinal);
        return open >= 0 && counter.EndsWith(')')
            ? (rate[..slash], counter[..open], counter[(open + 1)..^1])
            : (rate[..slash], counter, null);
    }

    // file format[xSamples][:skew][+offset] [gain[(baseline)][/units] [bits [zero [initial [checksum [block [description]]]]]]]
    private static WfdbSignalSpec ParseSignalLine(WfdbHeaderLine line)
    {
        string fileName = line.Require("signal file");
        if (!IsFileName(fileName))
        {
            throw line.Fault(RecordingFault.Unsupported, "signal file", $"'{fileName}' is not the name of a file beside the header");
        }

        (WfdbSignalFormat format, int perFrame, int skew, long offset) = ParseFormat(line, line.Require("signal format"), isLayout: fileName == "~");
        (double gain, int? baseline, string? units) = ParseGain(line, line.Next());
        int bits = line.OptionalInt("ADC resolution") ?? 0;
        int zero = line.OptionalInt("ADC zero") ?? 0;
        int? initial = line.OptionalInt("initial value");
        int? checksum = line.OptionalInt("checksum");
        line.OptionalInt("block size");
        return new WfdbSignalSpec
        {
            FileName = fileName,
            Format = format,
            SamplesPerFrame = perFrame,
            SkewFrames = skew,
            ByteOffset = offset,
            AdcUnitsPerUnit = gain,
            Baseline = baseline ?? zero,
            Units = units ?? "mV",
            AdcResolutionBits = bits,
            AdcZero = zero,
            InitialValue = initial,
            Checksum = checksum,
            Description = line.Rest(),
        };
    }

    private static (WfdbSignalFormat Format, int SamplesPerFrame, int SkewFrames, long Offset) ParseFormat(WfdbHeaderLine line, string field, bool isLayout)
    {
        const string Place = "signal format";
        ReadOnlySpan<char> rest = field;
        int digits = rest.IndexOfAnyExceptInRange('0', '9');
        int number = line.ToInt(Place, digits < 0 ? field : field[..digits]);
        rest = digits < 0 ? [] : rest[digits..];
        int plus = rest.IndexOf('+');
        long offset = plus < 0 ? 0 : line.ToLong("byte offset", rest[(plus + 1)..].ToString(), 0);
        rest = plus < 0 ? rest : rest[..plus];
        int colon = rest.IndexOf(':');
        int skew = colon < 0 ? 0 : line.ToInt("skew", rest[(colon + 1)..].ToString());
        rest = colon < 0 ? rest : rest[..colon];
        int perFrame = 1;
        if (!rest.IsEmpty)
        {
            perFrame = rest[0] == 'x'
                ? line.ToInt("samples per frame", rest[1..].ToString())
                : throw line.Fault(RecordingFault.Malformed, Place, $"'{field}'");
        }

        // A layout segment lists signals without samples, in format 0.
        if (!WfdbSignalCodec.IsDefined(number) && !isLayout)
        {
            throw line.Fault(RecordingFault.Unsupported, Place, $"{number} is not read; {WfdbSignalCodec.Names} are");
        }

        if (perFrame is < 1 or > MaxSamplesPerFrame || skew is < 0 or > MaxSkewFrames)
        {
            throw line.Fault(
                RecordingFault.Unsupported,
                Place,
                $"'{field}': {perFrame} samples per frame, skew {skew}; 1 to {MaxSamplesPerFrame} and 0 to {MaxSkewFrames} are read");
        }

        return ((WfdbSignalFormat)number, perFrame, skew, offset);
    }

    private static (double Gain, int? Baseline, string? Units) ParseGain(WfdbHeaderLine line, string? field)
    {
        if (field is null)
        {
            return (0, null, null);
        }

        int slash = field.IndexOf('/', StringComparison.Ordinal);
        string? units = slash < 0 ? null : field[(slash + 1)..];
        string gain = slash < 0 ? field : field[..slash];
        int open = gain.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return (line.ToDouble("gain", gain), null, units);
        }

        return gain.EndsWith(')')
            ? (line.ToDouble("gain", gain[..open]), line.ToInt("baseline", gain[(open + 1)..^1]), units)
            : throw line.Fault(RecordingFault.Malformed, "gain", $"'{field}'");
    }
}
