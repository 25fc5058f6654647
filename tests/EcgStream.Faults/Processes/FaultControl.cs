using System.Buffers.Binary;

namespace EcgStream.Faults.Processes;

/// <summary>The page shared with <c>faults_shim.c</c> in the daemon; and the shim itself, compiled where there is a C compiler.</summary>
internal sealed class FaultControl
{
    private readonly string _path;

    private FaultControl(string path, string? shim)
    {
        _path = path;
        Shim = shim;
        File.WriteAllBytes(path, new byte[4096]);
    }

    /// <summary>The shim's library; null where it could not be compiled.</summary>
    public string? Shim { get; }

    public IReadOnlyDictionary<string, string> Environment => Shim is null
        ? new Dictionary<string, string>()
        : new Dictionary<string, string> { ["LD_PRELOAD"] = Shim, ["ECG_FAULTS_CONTROL"] = _path };

    public static async Task<FaultControl> CreateAsync(string folder)
    {
        var library = Path.Combine(folder, "faults_shim.so");
        var source = Path.Combine(AppContext.BaseDirectory, "Processes", "faults_shim.c");
        var compiled = Shell.Find("cc") is { } compiler && (await Shell.TryAsync(compiler, "-O2", "-shared", "-fPIC", "-o", library, source)).Code == 0;
        return new FaultControl(Path.Combine(folder, "faults.page"), compiled ? library : null);
    }

    public void SetClockOffset(TimeSpan offset) => Write(0, (long)(offset.TotalSeconds * 1e9));

    public void SetFlushDelay(TimeSpan delay) => Write(8, (long)(delay.TotalSeconds * 1e9));

    // In place: the daemon has the page mapped.
    private void Write(int offset, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Write(file, bytes, offset);
    }
}
