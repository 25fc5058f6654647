namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>A database that cannot be used: which file, why, and what to do.</summary>
public sealed class StorageException(string message, Exception? inner = null) : IOException(message, inner);
