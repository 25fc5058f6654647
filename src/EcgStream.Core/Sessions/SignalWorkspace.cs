using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Signals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Sessions;

/// <summary>
/// What the sessions of one shard need only while a chunk is being analysed: buffers for one block of frames, and the window preparers. One per shard;
/// all sessions made with it must be used on that shard's thread.
/// </summary>
public sealed class SignalWorkspace
{
    /// <summary>Input frames that are taken through all stages at a time: small enough to stay in the first-level cache.</summary>
    internal const int BlockFrames = 128;

    private static readonly int MaxStride = LaneMath.Stride(LeadList.MaxCount);

    // The most that a block can become: 100 Hz brought to 500 Hz, with the resampler's delay flushed.
    private const int MaxOutputFrames = ((BlockFrames + PolyphaseTable.Taps) * SampleClock.RateHz / 100) + 1;

    public SignalWorkspace(WindowPlan plan)
        : this(plan, QrsTuning.Standard)
    {
    }

    internal SignalWorkspace(WindowPlan plan, QrsTuning tuning)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Plan = plan;
        Tuning = tuning;
        Preparers = [.. plan.Recipes.Select(recipe => recipe.Beat is null ? new WindowPreparer(recipe) : null)];
        BeatPreparers = [.. plan.Recipes.Select(recipe => recipe.Beat is null ? null : new BeatPreparer(recipe))];
    }

    public WindowPlan Plan { get; }

    /// <summary>For the detectors of the sessions.</summary>
    internal QrsTuning Tuning { get; }

    /// <summary>One per recipe of rhythm windows; null in the places of the others.</summary>
    internal WindowPreparer?[] Preparers { get; }

    /// <summary>One per recipe of single beats; null in the places of the others.</summary>
    internal BeatPreparer?[] BeatPreparers { get; }

    /// <summary>A beat in every candidate lead.</summary>
    internal float[] BeatSamples { get; } = new float[BeatLeads.MaxCandidates * BeatFrame.WideSamples];

    internal double[] Input { get; } = new double[BlockFrames * MaxStride];

    internal double[] Output { get; } = new double[MaxOutputFrames * MaxStride];

    internal int[] Rails { get; } = new int[LeadList.MaxCount];

    internal bool[] UsableLanes { get; } = new bool[LeadList.MaxCount];

    internal long[] Found { get; } = new long[QrsDetector.MaxFound(MaxOutputFrames)];

    internal float[] Waves { get; } = new float[WaveMeter.ScratchLength];

    internal float[] Samples { get; } = new float[MaxOutputFrames * (LeadList.MaxCount + 4)];
}
