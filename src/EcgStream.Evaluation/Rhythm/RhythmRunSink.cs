using EcgStream.Core.Alarms;
using EcgStream.Core.Beats;
using EcgStream.Core.Results;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Inference.Sessions;

namespace EcgStream.Evaluation.Rhythm;

/// <summary>One record's windows through the model and, with its beats and states, into the daemon's rules. One thread.</summary>
internal sealed class RhythmRunSink(RhythmModels.Loaded model, DeviceAlarms alarms, uint lead) : RunSink
{
    private readonly List<AlarmTransitionRecord> _transitions = [];
    private readonly double[] _sums = new double[RhythmClasses.All.Count];
    private readonly double[] _window = new double[RhythmClasses.All.Count];
    private int _windows;
    private int _seconds;
    private int _poor;
    private int _measured;
    private double _irregularity;
    private bool _told;

    public RhythmEvidence Evidence => new(
        _windows, Mean(RhythmClass.Normal), Mean(RhythmClass.AtrialFibrillation), Mean(RhythmClass.Other), Mean(RhythmClass.Noisy),
        _measured > 0 ? _irregularity / _measured : null, _told, _seconds > 0 ? _poor / (double)_seconds : 1);

    public override void OnWindow(RhythmWindow window)
    {
        var scores = model.Run(window, _window);
        var verdict = Verdict.Of(scores, model.Model.Card);
        alarms.OnResult(
            new RhythmResult(
                window.DeviceId, window.SessionId, model.Model.Identity, window.StartUnixNs, window.EndUnixNs, scores, verdict.PredictedIndex, verdict.Abnormal,
                verdict.AbnormalScore, window.Marks, window.IngestTimestamp, window.IngestTimestamp),
            _transitions);
        for (var i = 0; i < _sums.Length; i++)
        {
            _sums[i] += _window[i];
        }

        _windows++;
        _told |= alarms.IsPresent(AlarmCondition.AtrialFibrillation);
        window.Return();
    }

    public override void OnBeat(in Beat beat)
    {
        alarms.OnBeat(beat, _transitions);
        if (alarms.Irregularity is { } irregularity)
        {
            _irregularity += irregularity;
            _measured++;
        }
    }

    public override void OnVitals(in VitalsSecond vitals)
    {
        _seconds++;
        _poor += (vitals.Quality.Poor & lead) != 0 ? 1 : 0;
    }

    public override void OnStatus(in SignalStatus status) => alarms.OnStatus(status, _transitions);

    private double Mean(RhythmClass rhythm) => _windows > 0 ? _sums[(int)rhythm] / _windows : 0;
}
