namespace EcgStream.Daemon.Ingest;

/// <summary>Counts of one device since the daemon knows it. Any thread may add.</summary>
internal sealed class DeviceTotals
{
    private long _journaled;
    private long _duplicates;
    private long _refused;
    private long _windows;
    private long _windowsDropped;
    private long _windowsUnderWay;
    private long _results;
    private long _beats;

    public long Journaled => Interlocked.Read(ref _journaled);

    public long Duplicates => Interlocked.Read(ref _duplicates);

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Windows cut and handed to a batcher whose results are stored. Those that decide the class of a beat are counted as beats.</summary>
    public long Windows => Interlocked.Read(ref _windows);

    /// <summary>Of these, the windows that no buffer, queue or model could take.</summary>
    public long WindowsDropped => Interlocked.Read(ref _windowsDropped);

    public long Results => Interlocked.Read(ref _results);

    public long Beats => Interlocked.Read(ref _beats);

    /// <summary>Windows under way between cut and result.</summary>
    public long WindowsUnderWay => Interlocked.Read(ref _windowsUnderWay);

    public void AddJournaled() => Interlocked.Increment(ref _journaled);

    public void AddDuplicate() => Interlocked.Increment(ref _duplicates);

    public void AddRefused() => Interlocked.Increment(ref _refused);

    public void AddWindow() => Interlocked.Increment(ref _windows);

    public void AddWindowUnderWay() => Interlocked.Increment(ref _windowsUnderWay);

    public void EndWindowUnderWay() => Interlocked.Decrement(ref _windowsUnderWay);

    public void AddWindowDropped() => Interlocked.Increment(ref _windowsDropped);

    public void AddResult() => Interlocked.Increment(ref _results);

    public void AddBeat() => Interlocked.Increment(ref _beats);
}
