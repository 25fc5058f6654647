namespace EcgStream.Inference.Sessions;

/// <summary>The pinned input rows of one batch; every graph that looks at them is bound to them, so that members of an ensemble share one copy. One thread.</summary>
internal sealed class BatchInput
{
    private readonly float[] _rows;

    public BatchInput(int rows, int rowLength)
    {
        RowLength = rowLength;
        _rows = GC.AllocateArray<float>(rows * rowLength, pinned: true);
    }

    /// <summary>Floats of one row.</summary>
    public int RowLength { get; }

    public Span<float> Row(int row) => _rows.AsSpan(row * RowLength, RowLength);

    /// <summary>The memory of the first rows, to bind.</summary>
    public Memory<float> First(int rows) => _rows.AsMemory(0, rows * RowLength);

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
