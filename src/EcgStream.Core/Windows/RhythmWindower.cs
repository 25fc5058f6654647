using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Windows;

/// <summary>
/// Cuts the rhythm windows of one session, for each recipe that serves it. They begin whole hops behind the session's first sample, whatever is missing between: a replay
/// cuts the same ones. None spans a gap over 40 ms or the end of the session. One thread.
/// </summary>
internal sealed class RhythmWindower
{
    private readonly Cut[] _cuts;
    private readonly int _hop;

    public RhythmWindower(WindowPlan plan, SignalWorkspace workspace, LeadLayout layout)
    {
        _hop = plan.HopSamples;
        var cuts = new List<Cut>();
        for (var index = 0; index < plan.Pools.Count; index++)
        {
            var recipe = plan.Recipes[index];
            if (recipe.Beat is null && RecipePolicy.Serves(recipe, plan.Recipes, layout.PresentMask))
            {
                var like = cuts.Find(cut => cut.Pool.Recipe.PreparesLike(recipe));
                cuts.Add(new Cut(plan.Pools[index], workspace.Preparers[index]!, RowsOf(recipe, layout), like));
            }
        }

        _cuts = [.. cuts];
        Skip(0);
    }

    /// <summary>Bits of the leads that windows are cut from.</summary>
    public uint Leads(LeadLayout layout) =>
        _cuts.Any(cut => cut.ByQuality) ? layout.PresentMask : _cuts.SelectMany(cut => cut.Rows).Aggregate(0u, (leads, row) => leads | layout.Rows[row].Bit());

    /// <summary>No window holds a sample before this one.</summary>
    public void Skip(long untilSample)
    {
        foreach (var cut in _cuts)
        {
            cut.NextEnd = ((untilSample + _hop - 1) / _hop * _hop) + cut.Pool.Recipe.SourceSamples;
        }
    }

    /// <summary>Samples that may still be added before a window is due; at least 1.</summary>
    public int UntilNext(long samples)
    {
        var least = long.MaxValue;
        foreach (var cut in _cuts)
        {
            least = Math.Min(least, cut.NextEnd - samples);
        }

        return (int)Math.Min(int.MaxValue, least);
    }

    /// <summary>Emits the windows that end with the newest sample of the rings.</summary>
    /// <param name="samples">Samples of the session so far.</param>
    /// <param name="origin">Whose samples they are and when the newest one ends.</param>
    /// <param name="rings">The session's rings.</param>
    /// <param name="history">The session's bad stretches.</param>
    /// <param name="counters">Counts what comes out and what is dropped.</param>
    /// <param name="sink">Gets the windows.</param>
    public void Emit(long samples, in WindowOrigin origin, SampleRings rings, LeadHistory history, StreamCounters counters, ISessionSink sink)
    {
        foreach (var cut in _cuts)
        {
            if (cut.NextEnd != samples)
            {
                continue;
            }

            cut.NextEnd += _hop;
            var recipe = cut.Pool.Recipe;
            var start = origin.EndUnixNs - (recipe.SourceSamples * SampleClock.SampleNs);
            cut.Window = Fill(cut, rings, history);
            if (cut.Window is null)
            {
                counters.WindowsDropped++;
                sink.OnWindowDropped(recipe, origin.DeviceId, start);
                continue;
            }

            var marks = history.Marks(cut.Rows, samples - recipe.SourceSamples);
            cut.Window.Describe(origin.DeviceId, origin.SessionId, start, origin.EndUnixNs, marks, origin.IngestTimestamp);
        }

        // Only now: a window that has been given away may be returned, and its samples be another's, before a later cut could share them.
        foreach (var cut in _cuts)
        {
            if (cut.Window is { } window)
            {
                cut.Window = null;
                counters.Windows++;
                sink.OnWindow(window);
            }
        }
    }

    private static RhythmWindow? Fill(Cut cut, SampleRings rings, LeadHistory history)
    {
        if (cut.ByQuality)
        {
            cut.Rows[0] = history.BestRow();
        }

        if (cut.Like?.Window is { } same)
        {
            return cut.Pool.TryRentLike(same);
        }

        var window = cut.Pool.TryRent();
        if (window is not null)
        {
            cut.Preparer.Prepare(rings, cut.Rows, window.Input.Span);
        }

        return window;
    }

    private static int[]? RowsOf(WindowRecipe recipe, LeadLayout layout)
    {
        if (recipe.Leads.Count > 0)
        {
            return [.. recipe.Leads.Select(layout.RowOf)];
        }

        var preferred = RecipePolicy.PreferredLead(layout.PresentMask);
        return preferred == Lead.None ? null : [layout.RowOf(preferred)];
    }

    private sealed class Cut(RhythmWindowPool pool, WindowPreparer preparer, int[]? rows, Cut? like)
    {
        public RhythmWindowPool Pool { get; } = pool;

        public WindowPreparer Preparer { get; } = preparer;

        public int[] Rows { get; } = rows ?? [0];

        public bool ByQuality { get; } = rows is null;

        /// <summary>The first cut before this one whose windows are the same floats.</summary>
        public Cut? Like { get; } = like;

        /// <summary>The window that is being emitted.</summary>
        public RhythmWindow? Window { get; set; }

        public long NextEnd { get; set; }
    }
}
