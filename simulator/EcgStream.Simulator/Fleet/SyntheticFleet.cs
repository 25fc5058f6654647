using EcgStream.Client.Encoding;
using EcgStream.Client.Streaming;
using EcgStream.Core.Signals;
using EcgStream.Simulator.Synth;

namespace EcgStream.Simulator.Fleet;

/// <summary>Streams synthetic patients in real time over real sockets.</summary>
public static class SyntheticFleet
{
    /// <summary>
    /// Streams every patient until the duration is over or <paramref name="cancellation"/> asks for the end; either way each session ends with
    /// a chunk marked as its last, and its answers are waited for. Each chunk leaves when its last sample would have been taken.
    /// </summary>
    /// <param name="patients">Device ids must differ.</param>
    /// <param name="endpoints">One for each transport in use.</param>
    /// <param name="duration">Signal time; <see cref="Timeout.InfiniteTimeSpan"/> = until cancelled.</param>
    /// <param name="options">Chunk length and stream behaviour.</param>
    /// <param name="clock">Paces the streams and is the devices' clock.</param>
    /// <returns>Totals per patient, in the order of <paramref name="patients"/>. A patient whose stream failed is among them, with the reason.</returns>
    /// <exception cref="ArgumentException">Two patients share a device id, or a transport has no endpoint.</exception>
    public static async Task<IReadOnlyList<PatientTotals>> RunAsync(
        IReadOnlyList<SyntheticPatient> patients,
        FleetEndpoints endpoints,
        TimeSpan duration,
        FleetOptions options,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(patients);
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(options);
        if (patients.Select(patient => patient.DeviceId).Distinct(StringComparer.Ordinal).Count() != patients.Count)
        {
            throw new ArgumentException("Two patients share a device id.", nameof(patients));
        }

        using var grpc = Open(StreamTransport.Grpc, endpoints.Grpc);
        using var mqtt = Open(StreamTransport.Mqtt, endpoints.Mqtt);
        return await Task.WhenAll(patients.Select((patient, index) =>
            RunPatientAsync(patient, index, patient.Transport == StreamTransport.Grpc ? grpc! : mqtt!)));

        DeviceStreamFactory? Open(StreamTransport transport, StreamEndpoint? endpoint)
        {
            if (!patients.Any(patient => patient.Transport == transport))
            {
                return null;
            }

            return endpoint is { } found && found.Transport == transport
                ? new DeviceStreamFactory(found, options.Stream, clock)
                : throw new ArgumentException($"A patient streams over {transport}, which has no endpoint.", nameof(endpoints));
        }

        async Task<PatientTotals> RunPatientAsync(SyntheticPatient patient, int index, DeviceStreamFactory factory)
        {
            // Devices are not switched on in step: their chunks spread over the chunk's length.
            var phase = options.Chunk * (index % 16 / 16.0);
            await using var stream = factory.Open(patient.DeviceId);
            var run = new PatientRun(patient, stream, options.Chunk, clock);
            var fault = await run.StreamAsync(duration, phase, cancellation);
            return new PatientTotals(patient.DeviceId, patient.Signal.Rhythm, patient.Transport, run.SamplesPerLead, stream.Totals, fault);
        }
    }

    private sealed class PatientRun
    {
        private readonly EcgSynthesizer _synthesizer;
        private readonly IDeviceStream _stream;
        private readonly TimeProvider _clock;
        private readonly SynthSpec _signal;
        private readonly string _deviceId;
        private readonly int _perChunk;
        private readonly float[] _millivolts;

        public PatientRun(SyntheticPatient patient, IDeviceStream stream, TimeSpan chunk, TimeProvider clock)
        {
            _signal = patient.Signal;
            _deviceId = patient.DeviceId;
            _synthesizer = new EcgSynthesizer(_signal);
            _stream = stream;
            _clock = clock;
            _perChunk = new ChunkPlan(int.MaxValue, _signal.SampleRateHz, chunk).LengthAt(0);
            _millivolts = new float[_signal.Leads.Count * _perChunk];
        }

        public long SamplesPerLead => _synthesizer.Position;

        /// <returns>Why it ended early, or null.</returns>
        public async Task<string?> StreamAsync(TimeSpan duration, TimeSpan phase, CancellationToken cancellation)
        {
            try
            {
                await Task.Delay(phase, _clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var begin = _clock.GetTimestamp();
                var session = new DeviceSession(
                    _deviceId, DeviceSession.NewSessionId(), _clock.UnixNs(), _signal.SampleRateHz, _signal.Leads);
                var builder = new ChunkBuilder(session);
                var total = duration == Timeout.InfiniteTimeSpan ? long.MaxValue : (long)(duration.TotalSeconds * _signal.SampleRateHz);
                var ending = false;
                while (!ending)
                {
                    // Less than the shortest chunk at the very end is not sent.
                    var left = total - _synthesizer.Position;
                    var length = left >= int.MaxValue ? _perChunk : Math.Min((int)left, _perChunk);
                    var due = TimeSpan.FromSeconds((_synthesizer.Position + length) / _signal.SampleRateHz) - _clock.GetElapsedTime(begin);
                    if (due > TimeSpan.Zero)
                    {
                        await Task.Delay(due, _clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    }

                    ending = cancellation.IsCancellationRequested || left - length < ChunkLimits.MinSeconds * _signal.SampleRateHz;
                    length = Math.Max(length, (int)Math.Ceiling(ChunkLimits.MinSeconds * _signal.SampleRateHz));
                    var samples = _millivolts.AsMemory(0, _signal.Leads.Count * length);
                    _synthesizer.Read(samples.Span, length);

                    // A chunk that was begun is sent even when the end is asked for: it carries the mark of the session's end.
                    await _stream.SendAsync(builder.FromMillivolts(samples.Span, length, endOfSession: ending), CancellationToken.None);
                }

                var totals = await _stream.CompleteAsync(CancellationToken.None);
                return totals.Unanswered == 0 ? null : FormattableString.Invariant($"{totals.Unanswered} chunks were not answered in time");
            }
            catch (DeviceStreamException error)
            {
                return error.Message;
            }
        }
    }
}
