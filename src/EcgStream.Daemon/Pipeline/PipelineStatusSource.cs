using EcgStream.Core.Signals;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Ingest;
using EcgStream.Daemon.Monitor;
using EcgStream.Daemon.Storage.Influx;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Inference;
using EcgStream.Protocol.V1;
using RefusalReason = EcgStream.Core.Signals.RefusalReason;

namespace EcgStream.Daemon.Pipeline;

/// <summary>The counted states of all stages, put together when somebody asks.</summary>
internal sealed class PipelineStatusSource(
    DeviceDirectory devices, IngestMetrics ingest, InferenceEngine models, ResultStore store, AlarmEngine engine, AlarmMetrics alarms, InfluxMetrics influx, TimeProvider clock) : IPipelineStatusSource
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
            BeatsStored = (ulong)store.BeatsStoredTotal,
            AlarmTransitions = (ulong)alarms.TransitionTotal,
            InfluxLag = (ulong)influx.Lag,
        };
        Add(status, devices.Forgotten);
        foreach (var device in devices.All)
        {
            Add(status, DeviceSums.Of(device));
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
            status.WindowsDropped += (ulong)model.Dropped;
            status.Models.Add(new ModelStatus
            {
                Name = batcher.Model.Name,
                Version = batcher.Model.Version,
                Device = model.Device,
                Batches = (ulong)model.Batches,
                Windows = (ulong)model.Windows,
                QueueDepth = (ulong)model.QueueDepth,
                State = WireOf(model.State),
                Fault = model.Fault ?? "",
                Dropped = (ulong)model.Dropped,
                Reloads = (ulong)model.Reloads,
                LagMs = model.Lag.TotalMilliseconds,
                GpuFault = model.GpuFault ?? "",
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
            NotAnalysed = engine.IsPresent(device.DeviceId, Core.Alarms.AlarmCondition.NotAnalysed),
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

    private static ModelState WireOf(Inference.Batching.ModelState state) => state switch
    {
        Inference.Batching.ModelState.Answering => ModelState.Answering,
        Inference.Batching.ModelState.Behind => ModelState.Behind,
        _ => ModelState.Failed,
    };

    private static ChunkCounts Counts(DeviceEntry device)
    {
        var sums = DeviceSums.Of(device);
        return new ChunkCounts
        {
            Accepted = (ulong)sums.Journaled,
            Duplicate = (ulong)(sums.Duplicate + device.Totals.Duplicates),
            Refused = (ulong)device.Totals.Refused,
            Reordered = (ulong)sums.Reordered,
            Late = (ulong)sums.Late,
            Missing = (ulong)sums.Missing,
            GapsInterpolated = (ulong)sums.GapsInterpolated,
            GapsBroken = (ulong)sums.GapsBroken,
        };
    }

    private static void Add(PipelineStatus status, DeviceSums sums)
    {
        status.Journaled += (ulong)sums.Journaled;
        status.Windows += (ulong)sums.Windows;
        status.Results += (ulong)sums.Results;
        status.Beats += (ulong)sums.Beats;
        status.Chunks.Accepted += (ulong)sums.Journaled;
        status.Chunks.Duplicate += (ulong)sums.Duplicate;
        status.Chunks.Reordered += (ulong)sums.Reordered;
        status.Chunks.Late += (ulong)sums.Late;
        status.Chunks.Missing += (ulong)sums.Missing;
        status.Chunks.GapsInterpolated += (ulong)sums.GapsInterpolated;
        status.Chunks.GapsBroken += (ulong)sums.GapsBroken;
    }
}
