using EcgStream.Daemon.Journal;

namespace EcgStream.Daemon.Tests.Journal;

using Monitor = System.Threading.Monitor; // the daemon has a namespace of that name

/// <summary>Real files whose writes fail when told to; a failing write leaves part of its bytes behind, as a full disk does.</summary>
internal sealed class FaultyJournalFiles : IJournalFiles
{
    private readonly DiskJournalFiles _disk = new();
    private readonly object _gate = new();
    private bool _blocking;
    private bool _blocked;
    private volatile Fault _fault;

    public enum Fault
    {
        None,
        Write,
        Flush,
        Everything,

        /// <summary>What no disk does: an exception that nobody expects.</summary>
        Defect,
    }

    public Fault Failing
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>Every write waits before it does anything, until <see cref="ReleaseWrites"/>.</summary>
    public void BlockWrites() => Set(blocking: true, blocked: false);

    public void ReleaseWrites() => Set(blocking: false, blocked: false);

    public void WaitUntilAWriteBlocks(TimeSpan patience)
    {
        lock (_gate)
        {
            while (!_blocked)
            {
                Assert.True(Monitor.Wait(_gate, patience), "No write began");
            }
        }
    }

    public IJournalFile Create(string path) => _fault == Fault.Everything ? throw new IOException("No space left on device") : new FaultyFile(this, _disk.Create(path));

    public IJournalFile OpenExisting(string path) => _disk.OpenExisting(path);

    public void Delete(string path) => _disk.Delete(path);

    private void Set(bool blocking, bool blocked)
    {
        lock (_gate)
        {
            (_blocking, _blocked) = (blocking, blocked);
            Monitor.PulseAll(_gate);
        }
    }

    private void WaitWhileBlocking()
    {
        lock (_gate)
        {
            while (_blocking)
            {
                _blocked = true;
                Monitor.PulseAll(_gate);
                // A test that failed must not hang in the journal's Close.
                _blocking = Monitor.Wait(_gate, TimeSpan.FromMinutes(1)) && _blocking;
            }
        }
    }

    private sealed class FaultyFile(FaultyJournalFiles owner, IJournalFile file) : IJournalFile
    {
        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            owner.WaitWhileBlocking();
            if (owner._fault is Fault.Write or Fault.Everything)
            {
                file.Write(bytes[..(bytes.Length * 2 / 3)], offset);
                throw new IOException("No space left on device");
            }

            if (owner._fault == Fault.Defect)
            {
                throw new InvalidOperationException("a defect");
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
