namespace EcgStream.Daemon.Journal;

/// <summary>The writes that can fail. Behind an interface so that tests can fail each of them and cut the power between any two.</summary>
internal interface IJournalFiles
{
    /// <summary>Makes a new file and its directory entry durable; fails when it exists.</summary>
    IJournalFile Create(string path);

    /// <summary>Opens an existing file for writing.</summary>
    IJournalFile OpenExisting(string path);

    void Delete(string path);
}

internal interface IJournalFile : IDisposable
{
    void Write(ReadOnlySpan<byte> bytes, long offset);

    void Flush();

    void SetLength(long length);
}
