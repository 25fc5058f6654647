using System.Buffers;
using System.Runtime.CompilerServices;
using EcgStream.Core.Signals;
using EcgStream.Daemon.Journal;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Ingest;

/// <summary>
/// The one door for chunks, whatever they came over: decode, admit, reserve a place in the shard, journal. The answer goes to the
/// caller's <see cref="IAckSink"/> after the commit. Chunks of one source are submitted one after another, so their order is kept.
/// </summary>
internal sealed class IngestGateway(
    DeviceRegistry devices,
    ChunkJournal journal,
    ChunkTicketPool tickets,
    IngestMetrics metrics,
    IOptions<IngestOptions> options,
    TimeProvider clock)
{
    private static readonly TimeSpan CatchUpPause = TimeSpan.FromMilliseconds(2);

    private readonly DeviceIdTable _ids = new(options.Value.MaxDevices);
    private readonly int _catchUpWindows = options.Value.CatchUpWindows;

    /// <summary>Takes one chunk. Completes when it is queued for the journal or answered at once; it waits while shard or journal are full.</summary>
    /// <param name="payload">A serialized SampleChunk; copied before the first wait.</param>
    /// <param name="topicDevice">Device named by the topic, which must be the chunk's; empty = none named.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SubmitAsync(
        IngestSource source, ReadOnlySequence<byte> payload, ReadOnlyMemory<char> topicDevice, IAckSink acks, CancellationToken cancellation)
    {
        var ingestTimestamp = clock.GetTimestamp();
        if (payload.Length > ChunkLimits.MaxBytes)
        {
            Refuse(acks, source, null, ChunkRefusals.TooLarge(topicDevice.Span, payload.Length));
            return;
        }

        var ticket = tickets.Rent();
        payload.CopyTo(ticket.Buffer((int)payload.Length));
        if (!TryAdmit(ticket, source, topicDevice.Span, acks, ingestTimestamp))
        {
            ticket.Release();
            return;
        }

        var device = ticket.Device;
        var posted = false;
        try
        {
            while (device.Totals.WindowsWaiting >= _catchUpWindows && device.IsAheadOfRealTime(ticket.Header.DeviceTimeUnixNs))
            {
                await Task.Delay(CatchUpPause, clock, cancellation);
            }

            await device.Shard.ReserveAsync(cancellation);
            posted = true;
        }
        finally
        {
            if (!posted)
            {
                ticket.Release();
            }
        }

        // From here the ticket is the journal's: its callback answers, even when the caller has gone.
        await journal.AppendAsync(ticket, CancellationToken.None);
    }

    private bool TryAdmit(ChunkTicket ticket, IngestSource source, ReadOnlySpan<char> topicDevice, IAckSink acks, long ingestTimestamp)
    {
        if (!ChunkDecoder.TryDecode(ticket.Payload.Span, _ids, out var header, out var refusal))
        {
            Refuse(acks, source, header.DeviceId is { } id && devices.TryGet(id, out var known) ? known : null, refusal);
            return false;
        }

        if (!topicDevice.IsEmpty && !topicDevice.SequenceEqual(header.DeviceId))
        {
            Refuse(acks, source, null, ChunkRefusals.TopicMismatch(header, topicDevice));
            return false;
        }

        if (!devices.TryGetOrAdd(header.DeviceId, out var device))
        {
            Refuse(acks, source, null, ChunkRefusals.TooManyDevices(header, options.Value.MaxDevices));
            return false;
        }

        switch (device.Admit(source, header))
        {
            case Admission.Duplicate:
                device.Totals.AddDuplicate();
                metrics.Duplicate();
                acks.Duplicate(header.DeviceId, header.SessionId, header.Sequence);
                return false;
            case Admission.SecondWriter:
                Refuse(acks, source, device, ChunkRefusals.SecondWriter(header));
                return false;
            case Admission.SessionReplaced:
                Refuse(acks, source, device, ChunkRefusals.SessionReplaced(header));
                return false;
        }

        ticket.Describe(header, device, source.Transport, clock.GetUtcNow().ToUnixNs(), ingestTimestamp);
        ticket.AnswerTo(acks);
        metrics.Accepted();
        return true;
    }

    private void Refuse(IAckSink acks, IngestSource source, DeviceEntry? device, in ChunkRefusal refusal)
    {
        device?.Totals.AddRefused();
        metrics.Refused(source.Transport, refusal.Reason);
        acks.Refused(refusal);
    }
}
