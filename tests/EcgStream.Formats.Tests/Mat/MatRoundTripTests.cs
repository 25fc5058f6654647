using EcgStream.Formats.Mat;

namespace EcgStream.Formats.Tests.Mat;

public sealed class MatRoundTripTests
{
    private static readonly MatStorage[] Storages5 =
        [MatStorage.Int8, MatStorage.UInt8, MatStorage.Int16, MatStorage.UInt16, MatStorage.Int32, MatStorage.UInt32, MatStorage.Single, MatStorage.Double, MatStorage.Int64, MatStorage.UInt64];

    private static readonly MatStorage[] Storages4 =
        [MatStorage.Double, MatStorage.Single, MatStorage.Int32, MatStorage.Int16, MatStorage.UInt16, MatStorage.UInt8];

    [Fact]
    public void Version5_AnyStorageOrderAndCompression_ReadsAsWrittenAndAsNaive()
    {
        using TempFolder folder = new();
        Seeded.ForAll(300, random =>
        {
            MatStorage storage = Storages5[random.Next(Storages5.Length)];
            MatWriteOptions options = new() { BigEndian = random.Next(2) == 0, Compress = random.Next(2) == 0, Storage = storage };
            MatMatrix[] matrices = Matrices(random, storage);
            using MemoryStream written = new();
            Mat5Writer.Write(written, matrices, options);
            byte[] bytes = written.ToArray();
            AssertSame(matrices, NaiveMat.Version5(bytes));
            AssertSame(matrices, Read(folder.Write("a.mat", bytes), 5));
        });
    }

    [Fact]
    public void Version4_AnyStorageAndOrder_ReadsAsWrittenAndAsNaive()
    {
        using TempFolder folder = new();
        Seeded.ForAll(300, random =>
        {
            MatStorage storage = Storages4[random.Next(Storages4.Length)];
            MatWriteOptions options = new() { BigEndian = random.Next(2) == 0, Storage = storage };
            MatMatrix[] matrices = Matrices(random, storage);
            using MemoryStream written = new();
            Mat4Writer.Write(written, matrices, options);
            byte[] bytes = written.ToArray();
            AssertSame(matrices, NaiveMat.Version4(bytes));
            AssertSame(matrices, Read(folder.Write("a.mat", bytes), 4));
        });
    }

    [Fact]
    public void Version5_HandMadeLittleEndian_IsRead()
    {
        // 'data', 1 x 2, class double (6) stored as two int8 in a small element: 3 and -1.
        byte[] header = new byte[128];
        "MATLAB 5.0 MAT-file"u8.CopyTo(header);
        header[125] = 1;
        header[126] = (byte)'I';
        header[127] = (byte)'M';
        byte[] body =
        [
            14, 0, 0, 0, 48, 0, 0, 0,
            6, 0, 0, 0, 8, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
            5, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0,
            1, 0, 4, 0, (byte)'d', (byte)'a', (byte)'t', (byte)'a',
            1, 0, 2, 0, 3, 0xFF, 0, 0,
        ];
        using TempFolder folder = new();
        (string name, int rows, int columns, double[] values) = Assert.Single(Read(folder.Write("g.mat", [.. header, .. body]), 5));
        Assert.Equal("data", name);
        Assert.Equal((1, 2), (rows, columns));
        Assert.Equal([3, -1], values);
    }

    [Fact]
    public void Version5_HandMadeBigEndian_IsRead()
    {
        byte[] header = new byte[128];
        "MATLAB 5.0 MAT-file"u8.CopyTo(header);
        header[124] = 1;
        header[126] = (byte)'M';
        header[127] = (byte)'I';
        byte[] body =
        [
            0, 0, 0, 14, 0, 0, 0, 56,
            0, 0, 0, 6, 0, 0, 0, 8, 0, 0, 0, 10, 0, 0, 0, 0,
            0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0, 3, 0, 0, 0, 1,
            0, 3, 0, 1, (byte)'v', (byte)'a', (byte)'l', 0,
            0, 0, 0, 3, 0, 0, 0, 6, 0x01, 0x02, 0xFF, 0xFE, 0, 5, 0, 0,
        ];
        using TempFolder folder = new();
        (string name, int rows, int columns, double[] values) = Assert.Single(Read(folder.Write("g.mat", [.. header, .. body]), 5));
        Assert.Equal("val", name);
        Assert.Equal((3, 1), (rows, columns));
        Assert.Equal([258, -2, 5], values);
    }

    [Fact]
    public void Version4_HandMadeWfdbMat_IsRead()
    {
        // The 24 bytes that stand before format 16 in challenge records, then two leads of two samples.
        byte[] bytes =
        [
            0x1e, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, (byte)'v', (byte)'a', (byte)'l', 0,
            1, 0, 0xFF, 0xFF, 0, 0x80, 0xFF, 0x7F,
        ];
        using TempFolder folder = new();
        (string name, int rows, int columns, double[] values) = Assert.Single(Read(folder.Write("g.mat", bytes), 4));
        Assert.Equal("val", name);
        Assert.Equal((2, 2), (rows, columns));
        Assert.Equal([1, -1, -32768, 32767], values);
    }

    [Fact]
    public void Write_ValueBeyondStorage_IsRefused()
    {
        MatMatrix matrix = new("x", MatClass.Double, 1, 1, [40000]);
        Assert.Throws<ArgumentException>(() => Mat5Writer.Write(new MemoryStream(), [matrix], new MatWriteOptions { Storage = MatStorage.Int16 }));
    }

    private static MatMatrix[] Matrices(Random random, MatStorage storage)
    {
        int count = random.Next(1, 4);
        MatMatrix[] matrices = new MatMatrix[count];
        for (int i = 0; i < count; i++)
        {
            int rows = random.Next(0, 13);
            int columns = random.Next(0, 40);
            double[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => Value(random, storage))];
            string name = new([.. Enumerable.Range(0, random.Next(1, 64)).Select(_ => (char)('a' + random.Next(26)))]);
            matrices[i] = new MatMatrix(name, random.Next(2) == 0 ? MatClass.Double : storage.AsClass(), rows, columns, values);
        }

        return matrices;
    }

    private static double Value(Random random, MatStorage storage) => storage switch
    {
        MatStorage.Int8 => random.Next(sbyte.MinValue, sbyte.MaxValue + 1),
        MatStorage.UInt8 => random.Next(256),
        MatStorage.Int16 => random.Next(short.MinValue, short.MaxValue + 1),
        MatStorage.UInt16 => random.Next(65536),
        MatStorage.Int32 => random.Next(int.MinValue, int.MaxValue),
        MatStorage.UInt32 => random.NextInt64(uint.MaxValue),
        MatStorage.Int64 => random.NextInt64(-(1L << 53), 1L << 53),
        MatStorage.UInt64 => random.NextInt64(1L << 53),
        MatStorage.Single => random.NextSingle(),
        _ => random.Next(10) == 0 ? double.NaN : random.NextDouble() - 0.5,
    };

    private static List<(string Name, int Rows, int Columns, double[] Values)> Read(string path, int version)
    {
        using MatFile file = MatFile.Open(path);
        Assert.Equal(version, file.Version);
        return [.. file.Variables.Select(file.Read).Select(m => (m.Name, m.Rows, m.Columns, m.ColumnMajor.ToArray()))];
    }

    private static void AssertSame(MatMatrix[] expected, List<(string Name, int Rows, int Columns, double[] Values)> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal((expected[i].Name, expected[i].Rows, expected[i].Columns), (actual[i].Name, actual[i].Rows, actual[i].Columns));
            Assert.Equal(expected[i].ColumnMajor.ToArray(), actual[i].Values);
        }
    }
}
