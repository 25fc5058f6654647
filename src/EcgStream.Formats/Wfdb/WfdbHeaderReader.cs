using System.Collections.Immutable;
using System.Text;

namespace EcgStream.Formats.Wfdb;

/// <summary>
/// Reads WFDB headers (WFDB Applications Guide, header(5)). Records in several segments, signals with several samples per frame or a
/// skew, and signal formats other than 16, 80 and 212 are refused by name.
/// </summary>
public static class WfdbHeaderReader
{
    /// <exception cref="RecordingFormatException">The header cannot be read, is damaged, or needs what is not read here.</exception>
    public static WfdbHeader Read(string path, RecordingLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        limits ??= RecordingLimits.Standard;
        return SourceFile.Guard(path, () => Parse(path, SourceFile.ReadAll(path, limits.MaxHeaderBytes), limits));
    }

    internal static WfdbHeader Parse(string path, byte[] bytes, RecordingLimits limits)
    {
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
        WfdbHeader? header = null;
        int signalCount = 0;
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
                (header, signalCount) = ParseRecordLine(line, limits);
            }
            else if (signals.Count < signalCount)
            {
                signals.Add(ParseSignalLine(line));
            }
            else
            {
                throw line.Fault(RecordingFault.Malformed, "", $"a line after the {signalCount} announced signals");
            }
        }

        if (header is null)
        {
            throw new RecordingFormatException(RecordingFault.Malformed, path, "", "the header has no record line");
        }

        if (signals.Count < signalCount)
        {
            throw new RecordingFormatException(
                RecordingFault.Truncated, path, $"line {lines.Length}", $"{signalCount} signals announced, {signals.Count} described");
        }

        return header with { Signals = signals.ToImmutable(), Comments = comments.ToImmutable() };
    }

    // name[/segments] signals [fs[/counter[(base)]] [samples [time [date]]]]
    private static (WfdbHeader Header, int Signals) ParseRecordLine(WfdbHeaderLine line, RecordingLimits limits)
    {
        string name = line.Require("record name");
        if (name.Contains('/', StringComparison.Ordinal))
        {
            throw line.Fault(RecordingFault.Unsupported, "record name", $"'{name}' has several segments; read the segments one by one");
        }

        int signals = line.RequireInt("number of signals", 1, limits.MaxLeads);
        string rate = line.Next() ?? throw line.Fault(RecordingFault.SampleRate, "sampling frequency", "is missing");
        (string frequency, string? counter, string? baseCounter) = SplitRate(rate);
        return (
            new WfdbHeader
            {
                RecordName = name,
                SampleRateHz = line.ToDouble("sampling frequency", frequency),
                CounterFrequencyHz = counter is null ? null : line.ToDouble("counter frequency", counter),
                BaseCounter = baseCounter is null ? null : line.ToDouble("base counter value", baseCounter),
                SampleCount = line.Next() is { } samples && line.ToLong("samples per signal", samples, 0) is > 0 and var count ? count : null,
                BaseTime = line.Next(),
                BaseDate = line.Next(),
                Signals = [],
            },
            signals);
    }

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
        if (fileName is "-" or "~" || fileName.AsSpan().ContainsAny("/\\:\0") || fileName.StartsWith("..", StringComparison.Ordinal))
        {
            throw line.Fault(RecordingFault.Unsupported, "signal file", $"'{fileName}' is not the name of a file beside the header");
        }

        (WfdbSignalFormat format, long offset) = ParseFormat(line, line.Require("signal format"));
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

    private static (WfdbSignalFormat Format, long Offset) ParseFormat(WfdbHeaderLine line, string field)
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

        if (!WfdbSignalCodec.IsDefined(number))
        {
            throw line.Fault(RecordingFault.Unsupported, Place, $"{number} is not read; 16, 80 and 212 are");
        }

        if (perFrame != 1 || skew != 0)
        {
            throw line.Fault(RecordingFault.Unsupported, Place, $"'{field}': {perFrame} samples per frame, skew {skew}; 1 and 0 are read");
        }

        return ((WfdbSignalFormat)number, offset);
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
