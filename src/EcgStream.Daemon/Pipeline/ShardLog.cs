namespace EcgStream.Daemon.Pipeline;

internal static partial class ShardLog
{
    [LoggerMessage(3000, LogLevel.Error, "Shard {Shard} failed on a chunk; the chunk is skipped, its device goes on")]
    public static partial void ChunkFaulted(ILogger log, Exception fault, int shard);

    [LoggerMessage(3001, LogLevel.Information, "Replayed {Chunks} chunks of the journal's tail for {Devices} devices in {Elapsed}")]
    public static partial void Replayed(ILogger log, long chunks, int devices, TimeSpan elapsed);

    [LoggerMessage(3002, LogLevel.Warning, "Stopped with {Chunks} chunks still queued after {Limit}; they are journaled and come back at the next start")]
    public static partial void DrainIncomplete(ILogger log, int chunks, TimeSpan limit);

    [LoggerMessage(
        3003, LogLevel.Error, "Which devices were discharged cannot be read; they may come back with the journal's tail")]
    public static partial void DischargesUnread(ILogger log, Exception fault);
}
