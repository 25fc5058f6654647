using EcgStream.Core.Beats;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Sessions;

/// <summary>
/// What comes out of the sessions of a shard. Called on the shard's thread while a chunk is taken in, per device in the order of the device clock;
/// must neither block nor throw. One sink may serve all devices of a shard.
/// </summary>
public interface ISessionSink
{
    /// <summary>Whether <see cref="OnSamples"/> is wanted for a device now; asked once per chunk.</summary>
    bool WantsSamples(string deviceId);

    /// <summary>A window; the sink owns it and returns it once.</summary>
    void OnWindow(RhythmWindow window);

    /// <summary>A window that could not be made because all buffers of its model were out.</summary>
    void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs);

    void OnBeat(in Beat beat);

    /// <summary>
    /// A beat of which no model will say what it is: none serves the session, no lead of it can be trusted, or no buffer was free. Every beat comes here, in the order of
    /// <see cref="OnBeat"/>, unless a window of it comes for a model that decides its class (<see cref="WindowPlan.DecidesBeats"/>).
    /// </summary>
    void OnBeatUnclassified(in Beat beat)
    {
    }

    /// <summary>Once per second of device time.</summary>
    void OnVitals(in VitalsSecond vitals);

    /// <summary>Every 100 ms of signal, however it was cut into chunks.</summary>
    void OnStatus(in SignalStatus status);

    void OnGap(in SignalGap gap);

    /// <summary>Filtered samples, in pieces of a chunk; valid during the call only.</summary>
    void OnSamples(in FilteredSamples samples);
}
