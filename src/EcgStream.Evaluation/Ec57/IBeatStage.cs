using EcgStream.Core.Sessions;
using EcgStream.Core.Windows;

namespace EcgStream.Evaluation.Ec57;

/// <summary>
/// What classifies the beats of one record, fed like the daemon's: everything that the session puts out goes through <see cref="Sink"/>. One thread.
/// </summary>
internal interface IBeatStage : IDisposable
{
    /// <summary>Takes the session's output.</summary>
    ISessionSink Sink { get; }

    /// <summary>Windows that the stage wants; null for none.</summary>
    WindowPlan? Plan { get; }

    /// <summary>The record is over: beats that still wait are given out before this returns.</summary>
    void Complete();
}
