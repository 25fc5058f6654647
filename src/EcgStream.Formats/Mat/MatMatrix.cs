namespace EcgStream.Formats.Mat;

/// <summary>A real numeric matrix. Every number that a MAT file can hold up to ±2^53 is exact in it.</summary>
public sealed class MatMatrix
{
    private readonly double[] _columnMajor;

    /// <summary>Takes ownership of <paramref name="columnMajor"/>: element (row, column) at column × rows + row.</summary>
    public MatMatrix(string name, MatClass matClass, int rows, int columns, double[] columnMajor)
    {
        ArgumentNullException.ThrowIfNull(columnMajor);
        if (!matClass.IsNumeric())
        {
            throw new ArgumentOutOfRangeException(nameof(matClass), matClass, "not a numeric class");
        }

        if (rows < 0 || columns < 0 || (long)rows * columns != columnMajor.Length)
        {
            throw new ArgumentException($"{columnMajor.Length} values for {rows} x {columns}", nameof(columnMajor));
        }

        Name = name;
        Class = matClass;
        Rows = rows;
        Columns = columns;
        _columnMajor = columnMajor;
    }

    public string Name { get; }

    public MatClass Class { get; }

    public int Rows { get; }

    public int Columns { get; }

    public ReadOnlySpan<double> ColumnMajor => _columnMajor;

    public double this[int row, int column] => _columnMajor[(column * Rows) + row];

    /// <summary>Builds a matrix from rows of equal length, e.g. one per lead.</summary>
    public static MatMatrix FromRows(string name, MatClass matClass, IReadOnlyList<double[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int columns = rows.Count == 0 ? 0 : rows[0].Length;
        double[] values = new double[(long)rows.Count * columns];
        for (int row = 0; row < rows.Count; row++)
        {
            if (rows[row].Length != columns)
            {
                throw new ArgumentException($"row {row} has {rows[row].Length} values, row 0 has {columns}", nameof(rows));
            }

            for (int column = 0; column < columns; column++)
            {
                values[(column * rows.Count) + row] = rows[row][column];
            }
        }

        return new MatMatrix(name, matClass, rows.Count, columns, values);
    }

    /// <summary>The rows as arrays, or the columns where <paramref name="transposed"/>, times <paramref name="factor"/>.</summary>
    internal double[][] ToRows(bool transposed, double factor)
    {
        int count = transposed ? Columns : Rows;
        int length = transposed ? Rows : Columns;
        int rowStep = transposed ? Rows : 1;
        int columnStep = transposed ? 1 : Rows;
        double[][] rows = new double[count][];
        for (int row = 0; row < count; row++)
        {
            double[] target = new double[length];
            int from = row * rowStep;
            for (int i = 0; i < length; i++, from += columnStep)
            {
                target[i] = _columnMajor[from] * factor;
            }

            rows[row] = target;
        }

        return rows;
    }
}
