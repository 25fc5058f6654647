using EcgStream.Protocol.V1;

namespace EcgStream.Simulator.Replay;

/// <summary>Results of one model for one record. Guarded by the lock of the <see cref="RecordResults"/> that owns it.</summary>
internal sealed class ModelResults(RhythmResult first, TimeSpan sinceStart)
{
    private readonly string[] _labels = [.. first.Scores.Select(score => score.Label)];
    private readonly double[] _sums = new double[first.Scores.Count];
    private readonly bool[] _abnormal = new bool[first.Scores.Count];
    private readonly HashSet<ulong> _windows = [];
    private uint _predicted = first.PredictedIndex;
    private bool _agree = true;

    public string Model { get; } = first.Model;

    public IReadOnlyList<string> Labels => _labels;

    public int Windows => _windows.Count;

    /// <summary>Adds a window; one that is known already changes nothing.</summary>
    public void Add(RhythmResult result)
    {
        if (result.Scores.Count != _sums.Length || result.PredictedIndex >= _sums.Length || !_windows.Add(result.WindowStartUnixNs))
        {
            return;
        }

        for (var i = 0; i < _sums.Length; i++)
        {
            _sums[i] += result.Scores[i].Score;
        }

        _agree &= result.PredictedIndex == _predicted;
        _predicted = result.PredictedIndex;
        _abnormal[result.PredictedIndex] = result.Abnormal;
    }

    public RecordPrediction Predict()
    {
        var means = Array.ConvertAll(_sums, sum => sum / _windows.Count);
        var index = _agree ? (int)_predicted : Array.IndexOf(means, means.Max());
        return new RecordPrediction(
            Model, first.ModelVersion, _labels[index], _abnormal[index], _labels, means, _windows.Count, sinceStart.TotalMilliseconds);
    }
}
