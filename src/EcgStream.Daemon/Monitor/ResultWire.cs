using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Monitor;

/// <summary>Results as they are sent.</summary>
public static class ResultWire
{
    /// <summary>The message of a result; its latency is that from ingest to publication, on the clock that gave the timestamps.</summary>
    public static RhythmResult ToWire(this Core.Results.RhythmResult result, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(clock);
        var wire = new RhythmResult
        {
            DeviceId = result.DeviceId,
            SessionId = result.SessionId,
            Model = result.Model.Name,
            ModelVersion = result.Model.Version,
            WindowStartUnixNs = ToWireTime(result.StartUnixNs),
            WindowEndUnixNs = ToWireTime(result.EndUnixNs),
            PredictedIndex = checked((uint)result.PredictedIndex),
            Abnormal = result.Abnormal,
            WindowMarks = (uint)result.Marks,
            LatencyMs = clock.GetElapsedTime(result.IngestTimestamp, result.PublishedTimestamp).TotalMilliseconds,
        };
        for (var i = 0; i < result.Scores.Count; i++)
        {
            wire.Scores.Add(new LabelScore { Label = result.Model.Labels[i].Name, Score = result.Scores[i] });
        }

        return wire;
    }

    // A device clock near 0 puts the start of its first window before 1970, which the message cannot say.
    internal static ulong ToWireTime(long unixNs) => (ulong)Math.Max(0, unixNs);
}
