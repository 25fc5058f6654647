using EcgStream.Daemon.Journal;

namespace EcgStream.Daemon.Tests.Journal;

/// <summary>Real files whose writes fail when told to; a failing write leaves part of its bytes behind, as a full disk does.</summary>
internal sealed class FaultyJournalFiles : IJournalFiles
{
    private readonly DiskJournalFiles _disk = new();
    private volatile Fault _fault;

    public enum Fault
    {
        None,
        Write,
        Flush,
        Everything,
    }

    public Fault Failing
    {
        get => _fault;
        set => _fault = value;
    }

    public IJournalFile Create(string path) => _fault == Fault.Everything ? throw new IOException("No space left on device") : new FaultyFile(this, _disk.Create(path));

    public IJournalFile OpenExisting(string path) => _disk.OpenExisting(path);

    public void Delete(string path) => _disk.Delete(path);

    private sealed class FaultyFile(FaultyJournalFiles owner, IJournalFile file) : IJournalFile
    {
        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            if (owner._fault is Fault.Write or Fault.Everything)
            {
                file.Write(bytes[..(bytes.Length * 2 / 3)], offset);
                throw new IOException("No space left on device");
            }

            file.Write(bytes, offset);
        }

        public void Flush()
        {
            if (owner._fault is Fault.Flush or Fault.Everything)
            {
                throw new IOException("Input/output error");
            }

            file.Flush();
        }

        public void SetLength(long length)
        {
            if (owner._fault == Fault.Everything)
            {
                throw new IOException("Input/output error");
            }

            file.SetLength(length);
        }

        public void Dispose() => file.Dispose();
    }
}
