namespace EcgStream.Inference.Sessions;

/// <summary>
/// The pinned input of one batch: its rows and, for models of beats that take them, features. Every graph that looks at them is bound to them, so that
/// members of an ensemble share one copy. One thread.
/// </summary>
internal sealed class BatchInput
{
    private readonly float[] _rows;
    private readonly float[] _features;

    /// <param name="rows">Of the largest batch.</param>
    /// <param name="rowLength">Floats of one row.</param>
    /// <param name="featureCount">Floats of the second tensor's row; 0 for none.</param>
    public BatchInput(int rows, int rowLength, int featureCount = 0)
    {
        (RowLength, FeatureCount) = (rowLength, featureCount);
        _rows = GC.AllocateArray<float>(rows * rowLength, pinned: true);
        _features = GC.AllocateArray<float>(rows * featureCount, pinned: true);
    }

    /// <summary>Floats of one row, without its features.</summary>
    public int RowLength { get; }

    /// <summary>Floats of a row's features; 0 for none.</summary>
    public int FeatureCount { get; }

    public Span<float> Row(int row) => _rows.AsSpan(row * RowLength, RowLength);

    /// <summary>Copies a prepared window: a row, then its features.</summary>
    public void Put(int row, ReadOnlySpan<float> window)
    {
        window[..RowLength].CopyTo(Row(row));
        window[RowLength..].CopyTo(_features.AsSpan(row * FeatureCount, FeatureCount));
    }

    /// <summary>The memory of the first rows, to bind.</summary>
    public Memory<float> First(int rows) => _rows.AsMemory(0, rows * RowLength);

    /// <summary>The memory of the first rows' features, to bind.</summary>
    public Memory<float> FirstFeatures(int rows) => _features.AsMemory(0, rows * FeatureCount);

    /// <summary>A sine in each row: not flat, and the same at every start.</summary>
    public void FillWithSine()
    {
        for (var index = 0; index < _rows.Length; index++)
        {
            _rows[index] = MathF.Sin(index * 0.05f);
        }
    }

    public void Clear() => Array.Clear(_rows);
}
