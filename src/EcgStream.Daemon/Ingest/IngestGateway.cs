using System.Buffers;
using System.Runtime.CompilerServices;
using EcgStream.Core.Signals;
using EcgStream.Core.Time;
using EcgStream.Daemon.Journal;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Ingest;

/// <summary>
/// The one door for chunks, whatever they came over: decode, admit, hand to the shard, journal. The answer goes to the caller's <see cref="IAckSink"/>
/// after the commit; analysis does not wait for it, because a patient is watched whatever the disk does. Chunks of one source are submitted one after
/// another, so their order is kept.
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

    /// <summary>
    /// Takes one chunk. Completes when it is queued for the journal or answered at once; it waits while shard or journal are full.
    /// Chunks of one source pass in the order of their calls, also when the calls overlap.
    /// </summary>
    /// <param name="source">Where it came from.</param>
    /// <param name="payload">A serialized SampleChunk; it may be reused once the returned task is done.</param>
    /// <param name="topicDevice">Device named by the topic, which must be the chunk's; empty = none named.</param>
    /// <param name="acks">Hears of the commit or the refusal, exactly once, unless this call is cancelled.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SubmitAsync(
        IngestSource source, ReadOnlySequence<byte> payload, ReadOnlyMemory<char> topicDevice, IAckSink acks, CancellationToken cancellation)
    {
        var ingestTimestamp = clock.GetTimestamp();
        await source.EnterAsync(cancellation);
        try
        {
            if (payload.Length > ChunkLimits.MaxBytes)
            {
                Refuse(acks, source, null, default, ChunkRefusals.TooLarge(topicDevice.Span, payload.Length));
                return;
            }

            var ticket = tickets.Rent();
            payload.CopyTo(ticket.Buffer((int)payload.Length));
            if (!TryAdmit(ticket, source, topicDevice.Span, acks, ingestTimestamp))
            {
                ticket.Release();
                return;
            }

            await ReservePlaceAsync(ticket, source, cancellation);
            Analyse(ticket);
            await AppendAsync(ticket);
        }
        finally
        {
            source.Leave();
        }
    }

    private async ValueTask ReservePlaceAsync(ChunkTicket ticket, IngestSource source, CancellationToken cancellation)
    {
        var device = ticket.Device;
        var mayWait = source.ServesOnly(device.DeviceId);
        try
        {
            while (mayWait && device.Totals.WindowsUnderWay >= _catchUpWindows && device.IsAheadOfRealTime(ticket.Header.DeviceTimeUnixNs))
            {
                await Task.Delay(CatchUpPause, clock, cancellation);
            }

            await device.Shard.ReserveAsync(cancellation);
        }
        catch
        {
            ticket.Release();
            throw;
        }
    }

    /// <summary>Hands the chunk to its shard, unless it was there before and could not be journaled then.</summary>
    private static void Analyse(ChunkTicket ticket)
    {
        var device = ticket.Device;
        if (device.TryMarkAnalysed(ChunkIdentity.Of(ticket.Header), ticket.Fingerprint))
        {
            ticket.Share();
            device.Shard.Post(ticket);
        }
        else
        {
            device.Shard.GiveBack();
        }
    }

    /// <summary>Not cancellable: from here the ticket's callback answers, even when the sender has gone.</summary>
    private async ValueTask AppendAsync(ChunkTicket ticket)
    {
        var entry = ticket.ToJournalEntry();
        while (true)
        {
            switch (journal.TryAppend(entry, ticket))
            {
                case JournalAppendStatus.Accepted:
                    return;
                case JournalAppendStatus.Full:
                    await journal.WaitForSpaceAsync();
                    continue;
                default:
                    ticket.OnFailed(0, new JournalException(journal.FailureReason ?? "the journal is closed"));
                    return;
            }
        }
    }

    private bool TryAdmit(ChunkTicket ticket, IngestSource source, ReadOnlySpan<char> topicDevice, IAckSink acks, long ingestTimestamp)
    {
        if (!ChunkDecoder.TryDecode(ticket.Payload.Span, _ids, out var header, out var refusal))
        {
            Refuse(acks, source, null, default, refusal);
            return false;
        }

        var chunk = ChunkIdentity.Of(header);
        if (!topicDevice.IsEmpty && !topicDevice.SequenceEqual(header.DeviceId))
        {
            Refuse(acks, source, null, chunk, ChunkRefusals.TopicMismatch(header, topicDevice));
            return false;
        }

        if (!devices.TryGetOrAdd(header.DeviceId, out var device))
        {
            Refuse(acks, source, null, chunk, ChunkRefusals.TooManyDevices(header, options.Value.MaxDevices));
            return false;
        }

        switch (device.Admit(source, header, ticket.Fingerprint))
        {
            case Admission.Duplicate:
                device.Totals.AddDuplicate();
                metrics.Duplicate(source.Transport);
                acks.Duplicate(chunk);
                return false;
            case Admission.SecondWriter:
                Refuse(acks, source, device, chunk, ChunkRefusals.SecondWriter(header));
                return false;
            case Admission.SessionReplaced:
                Refuse(acks, source, device, chunk, ChunkRefusals.SessionReplaced(header));
                return false;
            case Admission.FormatChanged:
                Refuse(acks, source, device, chunk, ChunkRefusals.FormatChanged(header));
                return false;
            case Admission.SequenceReused:
                Refuse(acks, source, device, chunk, ChunkRefusals.SequenceReused(header));
                return false;
        }

        ticket.Describe(header, device, source.Transport, clock.GetUtcNow().ToUnixNs(), ingestTimestamp, acks);
        metrics.Accepted(source.Transport);
        return true;
    }

    private void Refuse(IAckSink acks, IngestSource source, DeviceEntry? device, in ChunkIdentity chunk, in ChunkRefusal refusal)
    {
        device?.Totals.AddRefused();
        metrics.Refused(source.Transport, refusal.Reason);
        acks.Refused(chunk, refusal);
    }
}
