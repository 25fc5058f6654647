using EcgStream.Core.Beats;

namespace EcgStream.Core.Windows;

/// <summary>
/// One window of one device, prepared for one model. Rented from a <see cref="RhythmWindowPool"/>; whoever holds it last
/// returns it exactly once. Never two owners: a stage that passes it on does not touch it again.
/// </summary>
public sealed class RhythmWindow
{
    private readonly RhythmWindowPool _pool;
    private WindowSamples? _samples;
    private int _rented;

    internal RhythmWindow(RhythmWindowPool pool, WindowRecipe recipe)
    {
        _pool = pool;
        Recipe = recipe;
    }

    public WindowRecipe Recipe { get; }

    /// <summary>
    /// The model's input, lead-major, <see cref="WindowRecipe.InputLength"/> floats. Only the windower writes it: windows of other models may show the same samples.
    /// </summary>
    public Memory<float> Input => Samples.Values;

    public string DeviceId { get; private set; } = "";

    public ulong SessionId { get; private set; }

    /// <summary>Device clock of the first sample, Unix nanoseconds.</summary>
    public long StartUnixNs { get; private set; }

    /// <summary>Device clock of the end of the last sample, Unix nanoseconds.</summary>
    public long EndUnixNs { get; private set; }

    public WindowMarks Marks { get; private set; }

    /// <summary>Timestamp (<see cref="TimeProvider.GetTimestamp"/>) at which the chunk that completed the window came in.</summary>
    public long IngestTimestamp { get; private set; }

    /// <summary>The beat that the window shows; null for a rhythm window.</summary>
    public Beat? Beat { get; private set; }

    /// <summary>Who wants to know when the window has been dealt with; forgotten at its return.</summary>
    public IWindowTracker? Tracker { get; set; }

    internal WindowSamples Samples => _samples ?? throw new InvalidOperationException("A window's input was used after it had been given back.");

    /// <summary>Says whose window this is; called by the windower once the input is filled.</summary>
    public void Describe(string deviceId, ulong sessionId, long startUnixNs, long endUnixNs, WindowMarks marks, long ingestTimestamp)
    {
        DeviceId = deviceId;
        SessionId = sessionId;
        StartUnixNs = startUnixNs;
        EndUnixNs = endUnixNs;
        Marks = marks;
        IngestTimestamp = ingestTimestamp;
        Beat = null;
    }

    /// <summary>Says which beat this is; the same for windows of single beats.</summary>
    public void Describe(in Beat beat, long startUnixNs, long endUnixNs, WindowMarks marks, long ingestTimestamp)
    {
        Describe(beat.DeviceId, beat.SessionId, startUnixNs, endUnixNs, marks, ingestTimestamp);
        Beat = beat;
    }

    /// <summary>Gives the input back before the window itself, once it has been copied out: a batch that runs needs to know only whose its rows are.</summary>
    public void ReleaseInput()
    {
        _samples?.Release();
        _samples = null;
    }

    /// <summary>Gives the window back, and its input unless that was released before.</summary>
    /// <exception cref="InvalidOperationException">It was given back before.</exception>
    public void Return()
    {
        if (Interlocked.Exchange(ref _rented, 0) == 0)
        {
            throw new InvalidOperationException("A window was returned twice; its buffer may already belong to another device.");
        }

        var tracker = Tracker;
        Tracker = null;
        ReleaseInput();
        _pool.Take(this);
        tracker?.OnWindowReturned();
    }

    /// <param name="samples">Held for this window already.</param>
    internal void MarkRented(WindowSamples samples)
    {
        _samples = samples;
        Volatile.Write(ref _rented, 1);
    }
}
