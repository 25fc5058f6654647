namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>A result read back, with its cursor: they rise in the order of storage, so reading after the last one seen misses nothing.</summary>
/// <param name="Labels">Labels of the model version that made it, in the order of <paramref name="Scores"/>.</param>
/// <param name="LatencyMilliseconds">Ingest of the deciding chunk to the result's leaving the classifier.</param>
/// <param name="StoredUnixNs">The daemon's clock when it was stored.</param>
public sealed record StoredResult(
    ulong Cursor,
    string DeviceId,
    ulong SessionId,
    string Model,
    string ModelVersion,
    IReadOnlyList<string> Labels,
    long StartUnixNs,
    long EndUnixNs,
    IReadOnlyList<float> Scores,
    int PredictedIndex,
    bool Abnormal,
    float AbnormalScore,
    Core.Windows.WindowMarks Marks,
    double LatencyMilliseconds,
    long StoredUnixNs);
