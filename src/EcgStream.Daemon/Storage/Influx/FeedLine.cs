namespace EcgStream.Daemon.Storage.Influx;

internal readonly record struct FeedLine(ulong Cursor, string Line);
