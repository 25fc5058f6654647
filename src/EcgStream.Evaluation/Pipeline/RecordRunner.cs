using EcgStream.Client.Encoding;
using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Windows;
using EcgStream.Formats;
using Google.Protobuf;

namespace EcgStream.Evaluation.Pipeline;

/// <summary>
/// Feeds recordings through the daemon's own entry as fast as it goes: counts → encoded <c>SampleChunk</c> → <see cref="ChunkDecoder"/> →
/// <see cref="Core.Sessions.DeviceSession"/>, on a clock that follows the device's. One thread; one runner may run any number of recordings, one after the other.
/// </summary>
internal sealed class RecordRunner
{
    private readonly RunOptions _options;
    private readonly SignalWorkspace _workspace;
    private readonly DeviceIdTable _ids = new(1);
    private readonly SessionOptions _session = new();

    /// <param name="plan">Rhythm windows to cut; null for none.</param>
    /// <param name="options">Null for the standard ones.</param>
    /// <param name="tuning">Of the detector; null for the daemon's.</param>
    public RecordRunner(WindowPlan? plan = null, RunOptions? options = null, QrsTuning? tuning = null)
    {
        _options = options ?? RunOptions.Standard;
        _workspace = new SignalWorkspace(plan ?? new WindowPlan(new WindowOptions(), []), tuning ?? QrsTuning.Standard);
    }

    /// <summary>Runs one recording; whatever the pipeline makes of it is in the sink when this returns.</summary>
    /// <param name="recording">At 100 to 1000 Hz; leads of different scales are brought to one.</param>
    /// <param name="sink">Gets everything up to the recording's end, nothing of the padding but filtered samples.</param>
    /// <param name="clock">The run's clock, set to each chunk's end before the chunk is taken in; null when the sink needs none.</param>
    /// <param name="cancellation">Looked at once per chunk.</param>
    /// <exception cref="RecordingFormatException">The recording cannot be streamed.</exception>
    public RunTotals Run(Recording recording, ISessionSink sink, RunClock? clock = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(sink);
        var counts = DeviceSamples.Of(recording);
        var time = RecordTime.Of(recording);
        clock ??= new RunClock(RunOptions.StartUnixNs);
        clock.UnixNs = RunOptions.StartUnixNs;
        var device = new Core.Sessions.DeviceSession(_options.DeviceId, _session, _workspace, new RecordEndGuard(sink, time.EndUnixNs), clock);
        var builder = new ChunkBuilder(new Client.Encoding.DeviceSession(_options.DeviceId, 1, RunOptions.StartUnixNs, recording.SampleRateHz, recording.Leads));
        var padded = counts.SampleCount + (int)Math.Round(_options.Padding.TotalSeconds * recording.SampleRateHz);
        var plan = new ChunkPlan(padded, recording.SampleRateHz, _options.Chunk);
        var buffer = Array.Empty<short>();
        var chunks = 0;
        for (var start = 0; start < padded; chunks++)
        {
            cancellation.ThrowIfCancellationRequested();
            var length = plan.LengthAt(start);
            Array.Resize(ref buffer, recording.LeadCount * length);
            for (var lead = 0; lead < recording.LeadCount; lead++)
            {
                Copy(counts[lead], start, buffer.AsSpan(lead * length, length));
            }

            var off = (_options.ElectrodesOff?.Invoke(start / recording.SampleRateHz) ?? 0) | counts.ElectrodesOff(start, length);
            start += length;
            var chunk = builder.FromDigital(buffer, length, counts.Scale.GainMicrovoltsPerLsb, counts.Scale.BaselineLsb, off, endOfSession: start == padded);
            Give(device, chunk.ToByteArray(), clock);
        }

        return new RunTotals(time, chunks, counts.Missing, device.Counters);
    }

    // Behind its end a recording holds its last value.
    private static void Copy(ReadOnlySpan<short> samples, int start, Span<short> target)
    {
        var real = Math.Clamp(samples.Length - start, 0, target.Length);
        samples.Slice(Math.Min(start, samples.Length), real).CopyTo(target);
        target[real..].Fill(samples[^1]);
    }

    private void Give(Core.Sessions.DeviceSession device, byte[] payload, RunClock clock)
    {
        if (!ChunkDecoder.TryDecode(payload, _ids, out var header, out var refusal))
        {
            throw new InvalidOperationException($"The pipeline refused a chunk of a recording: {refusal}");
        }

        clock.UnixNs = header.EndUnixNs;
        var outcome = device.Accept(in header, payload, clock.GetTimestamp(), clock.UnixNs);
        if (outcome != ChunkOutcome.Accepted)
        {
            throw new InvalidOperationException($"The pipeline took chunk {header.Sequence} of a recording as {outcome}");
        }
    }
}
