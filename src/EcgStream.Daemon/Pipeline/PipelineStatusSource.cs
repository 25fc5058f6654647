using EcgStream.Core.Signals;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Ingest;
using EcgStream.Daemon.Monitor;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Inference;
using EcgStream.Protocol.V1;
using RefusalReason = EcgStream.Core.Signals.RefusalReason;

namespace EcgStream.Daemon.Pipeline;

/// <summary>The counted states of all stages, put together when somebody asks.</summary>
internal sealed class PipelineStatusSource(
    DeviceDirectory devices, IngestMetrics ingest, InferenceEngine models, ResultStore store, AlarmMetrics alarms, TimeProvider clock) : IPipelineStatusSource
{
    /// <summary>A device that has sent nothing for this long counts as offline.</summary>
    private static readonly TimeSpan OnlineWithin = TimeSpan.FromSeconds(5);

    public IReadOnlyList<DeviceStatus> ListDevices() => [.. devices.All.OrderBy(device => device.DeviceId, StringComparer.Ordinal).Select(Status)];

    public PipelineStatus GetPipeline()
    {
        var status = new PipelineStatus
        {
            Chunks = new ChunkCounts { Duplicate = (ulong)ingest.DuplicateTotal },
            ResultsStored = (ulong)store.StoredTotal,
            AlarmTransitions = (ulong)alarms.TransitionTotal,
        };
        foreach (var device in devices.All)
        {
            Add(status.Chunks, Counts(device));
            status.Journaled += (ulong)device.Totals.Journaled;
            status.Windows += (ulong)device.Totals.Windows;
            status.Results += (ulong)device.Totals.Results;
            status.WindowsDropped += (ulong)device.Totals.WindowsDropped;
        }

        foreach (var reason in Enum.GetValues<RefusalReason>())
        {
            if (ingest.RefusedTotal(reason) is > 0 and var count)
            {
                status.Chunks.Refused += (ulong)count;
                status.Refusals.Add(new RefusalCount { Reason = reason.ToString(), Count = (ulong)count });
            }
        }

        foreach (var batcher in models.Batchers)
        {
            var model = batcher.Status;
            status.Models.Add(new ModelStatus
            {
                Name = batcher.Model.Name,
                Version = batcher.Model.Version,
                Device = model.Device,
                Batches = (ulong)model.Batches,
                Windows = (ulong)model.Windows,
                QueueDepth = (ulong)model.QueueDepth,
            });
        }

        return status;
    }

    private DeviceStatus Status(DeviceEntry device)
    {
        var status = new DeviceStatus
        {
            DeviceId = device.DeviceId,
            SessionId = device.SessionId,
            Transport = device.TransportName,
            Chunks = Counts(device),
            Windows = (ulong)device.Totals.Windows,
            Results = (ulong)device.Totals.Results,
            Beats = (ulong)device.Totals.Beats,
            Online = clock.GetElapsedTime(device.LastChunkTimestamp) < OnlineWithin,
        };
        if (device.Stream is { } stream)
        {
            status.LastSampleUnixNs = (ulong)stream.LastSampleUnixNs;
            status.HeartRateBpm = stream.HeartRateBpm;
            status.ClockOffsetMs = (stream.Session.ClockOffsetNs ?? 0) / 1e6;
            if (stream.Session.Layout is { } layout)
            {
                status.SampleRateHz = device.SampleRateHz;
                for (var lead = 0; lead < layout.Carried.Count; lead++)
                {
                    status.Leads.Add(layout.Carried[lead].Name());
                }
            }
        }

        return status;
    }

    private static ChunkCounts Counts(DeviceEntry device)
    {
        var counts = new ChunkCounts
        {
            Accepted = (ulong)device.Totals.Journaled,
            Duplicate = (ulong)device.Totals.Duplicates,
            Refused = (ulong)device.Totals.Refused,
        };
        if (device.Stream?.Session.Counters is { } stream)
        {
            counts.Duplicate += (ulong)stream.Duplicate;
            counts.Reordered = (ulong)stream.Reordered;
            counts.Late = (ulong)stream.Late;
            counts.Missing = (ulong)stream.Missing;
            counts.GapsInterpolated = (ulong)stream.GapsInterpolated;
            counts.GapsBroken = (ulong)stream.GapsBroken;
        }

        return counts;
    }

    private static void Add(ChunkCounts sum, ChunkCounts part)
    {
        sum.Accepted += part.Accepted;
        sum.Reordered += part.Reordered;
        sum.Late += part.Late;
        sum.Missing += part.Missing;
        sum.GapsInterpolated += part.GapsInterpolated;
        sum.GapsBroken += part.GapsBroken;
    }
}
