using System.Globalization;
using System.Text;
using EcgStream.Core.Signals;
using EcgStream.Formats.Mat;

namespace EcgStream.Formats.Wfdb;

/// <summary>Writes a digital recording as a WFDB record: header, signal files, and annotations where the recording has them.</summary>
public static class WfdbRecordingWriter
{
    /// <summary>Writes NAME.hea and what belongs to it into <paramref name="folder"/> and returns the header's path.</summary>
    /// <exception cref="ArgumentException">The recording is not digital, or does not fit the format.</exception>
    public static string Write(string folder, Recording recording, WfdbWriteOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(recording);
        options ??= new WfdbWriteOptions();
        Check(recording, options);
        string name = recording.Name;
        StringBuilder header = new();
        header.Append(CultureInfo.InvariantCulture, $"{name} {recording.LeadCount} {recording.SampleRateHz:R} {recording.SampleCount}\n");
        string extension = options.AsMat4 ? ".mat" : ".dat";
        for (int i = 0; i < recording.LeadCount; i++)
        {
            string file = options.FilePerLead ? string.Create(CultureInfo.InvariantCulture, $"{name}_{i + 1}{extension}") : name + extension;
            AppendSignal(header, recording, i, file, options);
            if (options.FilePerLead)
            {
                WriteSignals(Path.Combine(folder, file), recording, i, 1, options);
            }
        }

        if (!options.FilePerLead)
        {
            WriteSignals(Path.Combine(folder, name + extension), recording, 0, recording.LeadCount, options);
        }

        foreach (string comment in recording.Info.Comments)
        {
            header.Append("# ").Append(comment.ReplaceLineEndings(" ")).Append('\n');
        }

        if (recording.Info.Annotations is { } annotations)
        {
            WfdbAnnotationWriter.Write(Path.Combine(folder, name + WfdbRecordingReader.AnnotationExtension), annotations);
        }

        string path = Path.Combine(folder, name + WfdbRecordingReader.HeaderExtension);
        File.WriteAllText(path, header.ToString());
        return path;
    }

    private static void Check(Recording recording, WfdbWriteOptions options)
    {
        if (!recording.IsDigital)
        {
            throw new ArgumentException(
                "WFDB stores digital samples; digitize the recording first", nameof(recording));
        }

        if (!WfdbSignalCodec.IsWritable(options.Format))
        {
            throw new ArgumentException($"format {(int)options.Format} is read only", nameof(options));
        }

        if (options.AsMat4 && options.Format != WfdbSignalFormat.Format16)
        {
            throw new ArgumentException("a MAT v4 signal file holds format 16", nameof(options));
        }

        if (recording.Name.Length == 0 || recording.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
        {
            throw new ArgumentException($"'{recording.Name}' is not a WFDB record name: letters, digits, _ and - only", nameof(recording));
        }

        int limit = 1 << (WfdbSignalCodec.Bits(options.Format) - 1);
        for (int lead = 0; lead < recording.LeadCount; lead++)
        {
            foreach (short sample in recording.Digital(lead))
            {
                bool missing = sample == Recording.MissingSampleLsb;
                if (!missing && (sample <= -limit || sample >= limit))
                {
                    throw new ArgumentException(
                        $"lead {recording.Leads[lead].Name()}: {sample} LSB does not fit format {(int)options.Format}", nameof(recording));
                }
            }
        }
    }

    private static void AppendSignal(StringBuilder header, Recording recording, int index, string file, WfdbWriteOptions options)
    {
        LeadScale scale = recording.Scale(index);
        short[] stored = Stored(recording, index, options.Format);
        string offset = options.AsMat4 ? "+24" : "";
        int bits = WfdbSignalCodec.Bits(options.Format);
        short checksum = unchecked((short)Checksum(stored));
        double gain = 1000 / scale.GainMicrovoltsPerLsb;
        string lead = recording.Leads[index].Name();
        header.Append(
            CultureInfo.InvariantCulture,
            $"{file} {(int)options.Format}{offset} {gain:R}({scale.BaselineLsb})/mV {bits} 0 {stored[0]} {checksum} 0 {lead}\n");
    }

    private static void WriteSignals(string path, Recording recording, int first, int count, WfdbWriteOptions options)
    {
        short[][] stored = [.. Enumerable.Range(first, count).Select(i => Stored(recording, i, options.Format))];
        short[] interleaved = new short[(long)count * recording.SampleCount];
        int at = 0;
        for (int i = 0; i < recording.SampleCount; i++)
        {
            foreach (short[] lead in stored)
            {
                interleaved[at++] = lead[i];
            }
        }

        using FileStream stream = File.Create(path);
        if (options.AsMat4)
        {
            Mat4Writer.WriteHeader(stream, "val", count, recording.SampleCount, MatStorage.Int16, bigEndian: false);
        }

        byte[] bytes = new byte[WfdbSignalCodec.ByteCount(options.Format, interleaved.Length)];
        WfdbSignalCodec.Encode(options.Format, interleaved, bytes);
        stream.Write(bytes);
    }

    // Sum of the samples modulo 2^16, as WFDB headers state it.
    private static int Checksum(ReadOnlySpan<short> samples)
    {
        int sum = 0;
        foreach (short sample in samples)
        {
            sum = unchecked(sum + sample);
        }

        return sum & 0xFFFF;
    }

    private static short[] Stored(Recording recording, int lead, WfdbSignalFormat format)
    {
        short[] samples = recording.Digital(lead).ToArray();
        samples.AsSpan().Replace(Recording.MissingSampleLsb, (short)WfdbSignalCodec.Missing(format)!.Value);
        return samples;
    }
}
