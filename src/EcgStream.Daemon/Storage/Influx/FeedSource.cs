namespace EcgStream.Daemon.Storage.Influx;

/// <summary>Rows of one kind, by cursor, as lines.</summary>
/// <param name="Name">Name under which its cursor is kept; never change one.</param>
/// <param name="LastCursor">Highest cursor ever stored.</param>
/// <param name="ReadAfter">Lines of the rows after a cursor, in order, at most so many, each with its row's cursor.</param>
internal sealed record FeedSource(string Name, Func<ulong> LastCursor, Func<ulong, int, CancellationToken, ValueTask<IReadOnlyList<FeedLine>>> ReadAfter);
