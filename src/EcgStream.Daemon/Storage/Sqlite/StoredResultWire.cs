using EcgStream.Daemon.Monitor;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>Stored results as they are sent.</summary>
internal static class StoredResultWire
{
    public static ResultEvent ToWire(this StoredResult stored)
    {
        var result = new RhythmResult
        {
            DeviceId = stored.DeviceId,
            SessionId = stored.SessionId,
            Model = stored.Model,
            ModelVersion = stored.ModelVersion,
            WindowStartUnixNs = ResultWire.ToWireTime(stored.StartUnixNs),
            WindowEndUnixNs = ResultWire.ToWireTime(stored.EndUnixNs),
            PredictedIndex = checked((uint)stored.PredictedIndex),
            Abnormal = stored.Abnormal,
            WindowMarks = (uint)stored.Marks,
            LatencyMs = stored.LatencyMilliseconds,
        };
        for (var index = 0; index < stored.Scores.Count; index++)
        {
            result.Scores.Add(new LabelScore { Label = stored.Labels[index], Score = stored.Scores[index] });
        }

        return new ResultEvent { Cursor = stored.Cursor, Result = result };
    }
}
