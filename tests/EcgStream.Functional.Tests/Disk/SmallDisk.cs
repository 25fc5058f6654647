using System.Diagnostics;

namespace EcgStream.Functional.Tests.Disk;

/// <summary>A file system of its own, small enough to be filled: tmpfs, which only root may mount. Unmounted at the end.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _filler;
    private CancellationTokenSource _stop = new();
    private Task _filling = Task.CompletedTask;

    private SmallDisk(string folder)
    {
        Folder = folder;
        _filler = Path.Combine(folder, "filler");
    }

    public string Folder { get; }

    /// <summary>Skips the test where no file system may be mounted.</summary>
    public static SmallDisk MountOrSkip(int mebibytes)
    {
        var folder = Directory.CreateTempSubdirectory("ecgstream-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", folder) != 0)
        {
            Directory.Delete(folder);
            Assert.Skip("Only root may mount a file system, and not in every container.");
        }

        return new SmallDisk(folder);
    }

    /// <summary>Takes the last byte there is, and every byte that is given back, until <see cref="Empty"/>.</summary>
    public void Fill()
    {
        FillOnce();
        var stop = _stop = new CancellationTokenSource();
        _filling = Task.Run(
            async () =>
            {
                for (; !stop.IsCancellationRequested; await Task.Delay(10, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing))
                {
                    FillOnce();
                }
            });
    }

    private void FillOnce()
    {
        using var file = File.OpenHandle(_filler, FileMode.OpenOrCreate, FileAccess.Write);
        var length = RandomAccess.GetLength(file);
        foreach (var size in new[] { 1 << 20, 1 << 12 })
        {
            try
            {
                for (var block = new byte[size]; ; length += size)
                {
                    RandomAccess.Write(file, block, length);
                }
            }
            catch (IOException)
            {
                // No space left for a block of this size.
            }
        }
    }

    /// <summary>Makes room again.</summary>
    public async Task EmptyAsync()
    {
        await _stop.CancelAsync();
        await _filling;
        File.Delete(_filler);
    }

    public void SetReadOnly(bool readOnly) => Assert.Equal(0, Run("mount", "-o", readOnly ? "remount,ro" : "remount,rw", Folder));

    public async ValueTask DisposeAsync()
    {
        await EmptyAsync();
        Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
