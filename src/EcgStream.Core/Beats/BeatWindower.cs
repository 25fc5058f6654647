using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Beats;

/// <summary>
/// Cuts the beat windows of one session. The models that decide a beat's class see it when the next beat is there or 1.65 s after its R peak; others as soon as their samples
/// are there. The session's end, or a long gap, takes the beats that still wait as if no other followed. At most 64 beats wait. One thread.
/// </summary>
internal sealed class BeatWindower
{
    /// <summary>Samples after the R peak for which the next beat is waited for: the longest RR that counts, and the detector's delay.</summary>
    public const int WaitForNext = BeatContext.LongestPost + 125;

    private const int Capacity = 64;

    // The detector's least beat has 0.15 mV before the filter; what is less is no picture of one.
    private const double LeastMillivolts = 0.05;
    private const int QrsReach = SampleClock.RateHz / 10;

    private readonly Pending[] _pending = new Pending[Capacity];

    // Samples that each model takes of each waiting beat; 0 = it does not look at it.
    private readonly int[] _samples;
    private readonly BeatLeads _leads;
    private readonly BeatContext? _context;
    private readonly Model? _two;
    private readonly Model? _one;
    private readonly Model[] _models;
    private readonly Model[] _others;
    private readonly SignalWorkspace _workspace;
    private readonly RrHistory _intervals = new();
    private long _lastPeak = -1;
    private int _first;
    private int _count;
    private int _decided;
    private int _seen;

    public BeatWindower(SignalWorkspace workspace, LeadLayout layout)
    {
        _workspace = workspace;
        _leads = new BeatLeads(layout);
        var plan = workspace.Plan;
        var models = plan.Pools
            .Select((pool, index) => (pool, preparer: workspace.BeatPreparers[index]))
            .Where(model => model.preparer is not null && model.pool.Recipe.Beat!.LeadCount <= _leads.Rows.Length)
            .Select((model, place) => new Model(place, model.pool, model.preparer!))
            .ToArray();
        _samples = new int[Capacity * models.Length];
        _two = Array.Find(models, model => ReferenceEquals(model.Recipe, plan.TwoLeadBeats));
        _one = Array.Find(models, model => ReferenceEquals(model.Recipe, plan.OneLeadBeats));
        _models = models;
        _others = [.. models.Where(model => !ReferenceEquals(model, _two) && !ReferenceEquals(model, _one))];
        _context = _two is null && _one is null ? null : new BeatContext(_leads.Rows.Length);
    }

    /// <summary>Bits of the leads that beats are looked at in.</summary>
    public uint Leads(LeadLayout layout)
    {
        var leads = 0u;
        foreach (var row in _leads.Rows)
        {
            leads |= layout.Rows[row].Bit();
        }

        return leads;
    }

    /// <summary>The next sample touches none before it; <see cref="End"/> came before.</summary>
    public void Reset()
    {
        _first = 0;
        _count = 0;
        _decided = 0;
        _seen = 0;
        _lastPeak = -1;
        foreach (var model in _others)
        {
            model.Done = 0;
        }
    }

    /// <summary>Takes a beat; they come in order.</summary>
    /// <param name="beat">As reported.</param>
    /// <param name="peak">Sample of its R peak in the session.</param>
    /// <param name="counters">Counts what is lost.</param>
    /// <param name="sink">Told when the beat cannot be classified.</param>
    public void Add(in Beat beat, long peak, StreamCounters counters, ISessionSink sink)
    {
        var pre = _lastPeak < 0 || beat.RrMilliseconds is null ? 0 : peak - _lastPeak;
        _lastPeak = peak;
        if (pre > 0)
        {
            _intervals.Add(pre);
        }

        if (_context is null && _others.Length == 0)
        {
            sink.OnBeatUnclassified(in beat);
            return;
        }

        if (_count == Capacity)
        {
            GiveUpFirst(counters, sink);
        }

        At(_count++) = new Pending { Beat = beat, Peak = peak, Pre = pre };
        foreach (var model in _models)
        {
            Samples(model, _count - 1) = model.Recipe.Beat!.Cut is not BeatCut.RrShare cut ? model.Recipe.SourceSamples
                : pre > 0 ? cut.Samples(_intervals.Median(cut.MedianOf)) : 0;
        }

        if (_context is null)
        {
            _decided++;
            sink.OnBeatUnclassified(in beat);
        }
    }

    /// <summary>Cuts what is due.</summary>
    /// <param name="total">Samples of the session, the newest in the rings included.</param>
    /// <param name="ingestTimestamp">When the chunk came in that is being analysed.</param>
    public void Process(long total, long ingestTimestamp, SampleRings rings, LeadHistory history, StreamCounters counters, ISessionSink sink)
    {
        if (_count > 0)
        {
            Process(new Moment(total, ingestTimestamp, false, rings, history, counters, sink));
        }
    }

    /// <summary>No samples follow that touch these.</summary>
    public void End(long total, long ingestTimestamp, SampleRings rings, LeadHistory history, StreamCounters counters, ISessionSink sink) =>
        Process(new Moment(total, ingestTimestamp, true, rings, history, counters, sink));

    private void Process(in Moment now)
    {
        for (; _seen < _count && (now.Total >= At(_seen).Peak + BeatFrame.MostAfter || now.Ended); _seen++)
        {
            ref var beat = ref At(_seen);
            for (var place = 0; place < _leads.Rows.Length; place++)
            {
                beat.Off |= now.History.WasOff(_leads.Rows[place], Math.Max(0, beat.Peak - BeatFrame.WideBefore)) ? 1u << place : 0;
            }
        }

        while (_context is not null && _decided < _count && IsDue(_decided, now))
        {
            Decide(_decided++, now);
        }

        var handled = Math.Min(_seen, _decided);
        foreach (var model in _others)
        {
            while (model.Done < _seen && CutOther(model, now))
            {
                model.Done++;
            }

            handled = Math.Min(handled, model.Done);
        }

        Drop(handled);
    }

    private bool IsDue(int index, in Moment now)
    {
        var peak = At(index).Peak;
        return now.Ended || (now.Total >= peak + MostAfter() && (index + 1 < _count || now.Total >= peak + WaitForNext));
    }

    private int MostAfter() => Math.Max(BeatFrame.MostAfter, Math.Max(_two?.MostAfter ?? 0, _one?.MostAfter ?? 0));

    private void Decide(int index, in Moment now)
    {
        ref var beat = ref At(index);
        var post = index + 1 < _count && At(index + 1).Pre > 0 ? At(index + 1).Peak - beat.Peak : 0;
        var complete = now.Total >= beat.Peak + MostAfter();
        var good = 0u;
        var usable = complete ? Look(in beat, now, _context!.Shapes, out good) : 0;
        var (first, second) = _leads.Choose(good, usable);
        var pair = _two is not null && second >= 0 && (_one is null || Has(good, second) || !Has(good, first));
        var model = first < 0 ? null : pair ? _two : _one;
        _context!.Describe(beat.Pre, post, first, pair ? second : -1);
        if (model is null || !Emit(model, index, first, second, now))
        {
            now.Sink.OnBeatUnclassified(in beat.Beat);
        }

        _context.Learn(beat.Pre, first < 0 ? 0 : usable);
    }

    private bool Emit(Model model, int index, int first, int second, in Moment now)
    {
        ref var beat = ref At(index);
        var samples = Samples(model, index);
        if (samples == 0 || Rent(model, in beat, first, second, samples, now) is not { } window)
        {
            return false;
        }

        if (model.Recipe.Beat!.Template)
        {
            model.Preparer.PrepareWithTemplate(_context!.Shapes, first, second, window.Input.Span);
        }
        else
        {
            model.Preparer.Prepare(samples, Source(model, in beat, first, second, now), window.Input.Span);
        }

        model.Preparer.AppendFeatures(_context!.Features, window.Input.Span);
        now.Sink.OnWindow(window);
        return true;
    }

    // False: not yet.
    private bool CutOther(Model model, in Moment now)
    {
        ref var beat = ref At(model.Done);
        var samples = Samples(model, model.Done);
        if (samples == 0)
        {
            return true;
        }

        if (now.Total < beat.Peak - model.Before + samples)
        {
            return now.Ended;
        }

        var usable = Look(in beat, now, null, out var good);
        var (first, second) = _leads.Choose(good, usable);
        if (first < 0 || (model.Recipe.LeadCount == 2 && second < 0) || Rent(model, in beat, first, second, samples, now) is not { } window)
        {
            return true;
        }

        model.Preparer.Prepare(samples, Source(model, in beat, first, second, now), window.Input.Span);
        now.Sink.OnWindow(window);
        return true;
    }

    private CutSource Source(Model model, in Pending beat, int first, int second, in Moment now) =>
        new(now.Rings, now.Total, beat.Peak - model.Before, _leads.Rows[first], second < 0 ? -1 : _leads.Rows[second]);

    private RhythmWindow? Rent(Model model, in Pending beat, int first, int second, int samples, in Moment now)
    {
        var start = beat.Beat.TimeUnixNs - (model.Before * SampleClock.SampleNs);
        var window = model.Pool.TryRent();
        if (window is null)
        {
            now.Counters.WindowsDropped++;
            now.Sink.OnWindowDropped(model.Recipe, beat.Beat.DeviceId, start);
            return null;
        }

        Span<int> rows = [_leads.Rows[first], second < 0 ? 0 : _leads.Rows[second]];
        var marks = now.History.Marks(rows[..model.Recipe.LeadCount], Math.Max(0, beat.Peak - model.Before));
        window.Describe(in beat.Beat, start, start + (samples * SampleClock.SampleNs), marks, now.IngestTimestamp);
        now.Counters.Windows++;
        return window;
    }

    /// <returns>Bits of the usable candidate rows; those are loaded into the shapes, where there are any.</returns>
    private uint Look(in Pending beat, in Moment now, BeatShapes? shapes, out uint good)
    {
        var usable = 0u;
        good = 0;
        var from = beat.Peak - BeatFrame.WideBefore;
        var since = Math.Max(0, from);
        for (var place = 0; place < _leads.Rows.Length; place++)
        {
            var row = _leads.Rows[place];
            var held = now.Rings.Count(row);
            if (now.Total - held > beat.Peak - QrsReach && now.Total > held)
            {
                continue; // found by a search-back so late that the ring holds it no longer
            }

            var samples = _workspace.BeatSamples.AsSpan(place * BeatFrame.WideSamples, BeatFrame.WideSamples);
            var available = (int)Math.Min(BeatFrame.WideSamples, now.Total - from);
            CutSource.Copy(now.Rings, now.Total, row, from, samples[..available]);
            samples[available..].Fill(samples[available - 1]);
            if (Has(beat.Off, place) || now.History.WasSaturated(row, since)
                || FrameMath.Range(samples.Slice(BeatFrame.WideBefore - QrsReach, 2 * QrsReach)) < LeastMillivolts)
            {
                continue;
            }

            usable |= 1u << place;
            good |= now.History.WasPoor(row, since) ? 0 : 1u << place;
            shapes?.Load(place, samples);
        }

        return usable;
    }

    private void GiveUpFirst(StreamCounters counters, ISessionSink sink)
    {
        if (_decided == 0)
        {
            counters.WindowsDropped++;
            sink.OnBeatUnclassified(in At(0).Beat);
            _decided = 1;
        }

        _seen = Math.Max(1, _seen);
        foreach (var model in _others)
        {
            model.Done = Math.Max(1, model.Done);
        }

        Drop(1);
    }

    private void Drop(int handled)
    {
        _first = (_first + handled) % Capacity;
        _count -= handled;
        _seen -= handled;
        _decided -= handled;
        foreach (var model in _others)
        {
            model.Done -= handled;
        }
    }

    private ref Pending At(int index) => ref _pending[(_first + index) % Capacity];

    private ref int Samples(Model model, int index) => ref _samples[((_first + index) % Capacity * _models.Length) + model.Place];

    private static bool Has(uint bits, int place) => (bits & (1u << place)) != 0;

    private struct Pending
    {
        public Beat Beat;
        public long Peak;
        public long Pre;
        public uint Off;
    }

    private readonly record struct Moment(
        long Total, long IngestTimestamp, bool Ended, SampleRings Rings, LeadHistory History, StreamCounters Counters, ISessionSink Sink);

    private sealed class Model(int place, RhythmWindowPool pool, BeatPreparer preparer)
    {
        /// <summary>Among the models of beats that serve the session.</summary>
        public int Place => place;

        public RhythmWindowPool Pool => pool;

        public BeatPreparer Preparer => preparer;

        public WindowRecipe Recipe => pool.Recipe;

        public int MostAfter => pool.Recipe.Beat!.Cut.MostAfter;

        public int Before => pool.Recipe.Beat!.Cut is BeatCut.Fixed cut ? cut.Before : 0;

        /// <summary>Waiting beats that the model is through with.</summary>
        public int Done { get; set; }
    }
}
