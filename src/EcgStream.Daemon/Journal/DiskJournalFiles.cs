using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EcgStream.Daemon.Journal;

internal sealed class DiskJournalFiles : IJournalFiles
{
    // A file that cannot get this much must fail here, when it is made, and not after half a batch: it keeps a full disk from
    // looking well again each time a new segment's 32-byte header still fits.
    private const long ReservedBytes = 1024 * 1024;

    public IJournalFile Create(string path)
    {
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.None, ReservedBytes);
        try
        {
            FlushDirectory(Path.GetDirectoryName(path)!);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        return new DiskFile(handle);
    }

    public IJournalFile OpenExisting(string path) => new DiskFile(File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.Read));

    public void Delete(string path) => File.Delete(path);

    /// <summary>POSIX makes a new name durable only when its directory is flushed; .NET does not open directories, so libc does.</summary>
    private static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = NativeMethods.Open(directory, 0);
        if (descriptor < 0)
        {
            throw new IOException($"Journal folder '{directory}' cannot be opened to flush it: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        var failed = NativeMethods.Flush(descriptor) != 0;
        var message = failed ? Marshal.GetLastPInvokeErrorMessage() : "";
        _ = NativeMethods.Close(descriptor);
        if (failed)
        {
            throw new IOException($"Journal folder '{directory}' cannot be flushed: {message}.");
        }
    }

    private sealed class DiskFile(SafeFileHandle handle) : IJournalFile
    {
        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public void Dispose() => handle.Dispose();
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int Flush(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int Close(int descriptor);
    }
}
