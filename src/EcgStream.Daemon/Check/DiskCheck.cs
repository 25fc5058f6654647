using EcgStream.Daemon.Journal;
using EcgStream.Daemon.Storage;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Check;

/// <summary>The folders of the store and the journal: can be written, and have room for what retention keeps.</summary>
internal sealed class DiskCheck : ISetupCheck
{
    private const long Gibibyte = 1L << 30;
    private const long LeastFreeBytes = 1 * Gibibyte;
    private const int NoSpace = 28; // ENOSPC
    private const int ReadOnlyFileSystem = 30; // EROFS

    public string Subject => "disk";

    public Task<IReadOnlyList<CheckResult>> RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var data = services.GetRequiredService<IOptions<StorageOptions>>().Value.DataDirectory;
        var journal = services.GetRequiredService<IOptions<JournalOptions>>().Value;
        var results = new List<CheckResult> { Writable("Storage:DataDirectory", data) };
        if (!Path.GetFullPath(journal.Directory).StartsWith(Path.GetFullPath(data), StringComparison.Ordinal))
        {
            results.Add(Writable("Journal:Directory", journal.Directory));
        }

        if (results.TrueForAll(result => result.Status == CheckStatus.Ok))
        {
            results.Add(Room(journal));
        }

        return Task.FromResult<IReadOnlyList<CheckResult>>(results);
    }

    private CheckResult Writable(string key, string folder)
    {
        var path = Path.GetFullPath(folder);
        var existing = Existing(path);
        var probe = Path.Combine(existing, $".ecgstreamd-check-{Environment.ProcessId}");
        try
        {
            using (var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                file.WriteByte(1);
                file.Flush(flushToDisk: true);
            }

            return CheckResult.Ok(Subject, existing == path ? $"{key}: {path} can be written" : $"{key}: {path} is not there yet and can be made");
        }
        catch (IOException refused) when (refused.HResult is NoSpace or ReadOnlyFileSystem)
        {
            // Passes by itself or by an administrator's hand, while patients need to be watched: no reason not to start.
            return CheckResult.Warn(Subject, $"{key}: {path} cannot be written now ({Reason(refused)}). The daemon watches and alarms, but records nothing until it can.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            var where = existing == path ? "cannot be written" : $"is not there, and cannot be made in {existing}";
            return CheckResult.Fail(Subject, $"{key}: {path} {where} by user {Environment.UserName} ({Reason(refused)}). Name a folder that this user may write, or give it to the user with chown.");
        }
    }

    private CheckResult Room(JournalOptions journal)
    {
        var path = Path.GetFullPath(journal.Directory);
        var used = Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length) : 0;
        var free = new DriveInfo(Existing(path)).AvailableFreeSpace;
        var room = FormattableString.Invariant($"{free / (double)Gibibyte:0.0} GiB free");
        return free < LeastFreeBytes
            ? CheckResult.Warn(Subject, $"{path}: {room}; 1 GiB should be free at least. On a full disk the daemon watches and alarms, but records nothing: make room or set Journal:Directory to another disk.")
            : free + used < journal.MaxBytes
                ? CheckResult.Warn(Subject, FormattableString.Invariant($"{path}: {room}, but the journal may take Journal:MaxBytes = {journal.MaxBytes / (double)Gibibyte:0.0} GiB before it deletes the oldest. Lower it, or make room."))
                : CheckResult.Ok(Subject, FormattableString.Invariant($"{path}: {room}; the journal takes at most {journal.MaxBytes / (double)Gibibyte:0.0} GiB"));
    }

    private static string Existing(string path)
    {
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } parent)
        {
            path = parent;
        }

        return path;
    }

    /// <summary>Without the name of the probe, which nobody knows.</summary>
    private static string Reason(Exception refused) => refused switch
    {
        UnauthorizedAccessException => "no permission",
        DirectoryNotFoundException or FileNotFoundException => "no files can be made there",
        _ => refused.Message.Split(" : '")[0],
    };
}
