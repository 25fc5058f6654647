using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace EcgStream.Formats.Tests.Mat;

/// <summary>
/// A second reading of the MAT formats, written from the format alone and as simply as it goes: whole byte arrays, one number at a time.
/// It trusts its input; the tests hold the product's reader against it.
/// </summary>
internal static class NaiveMat
{
    public static List<(string Name, int Rows, int Columns, double[] Values)> Version5(byte[] file)
    {
        bool big = file[126] == 'M';
        List<(string, int, int, double[])> variables = [];
        int at = 128;
        while (at < file.Length)
        {
            int type = Int32(file, at, big);
            int count = Int32(file, at + 4, big);
            byte[] content = file[(at + 8)..(at + 8 + count)];
            if (type == 15)
            {
                using ZLibStream inflate = new(new MemoryStream(content), CompressionMode.Decompress);
                using MemoryStream inflated = new();
                inflate.CopyTo(inflated);
                content = inflated.ToArray()[8..];
            }

            variables.Add(Matrix(content, big));
            at += 8 + count;
        }

        return variables;
    }

    public static List<(string Name, int Rows, int Columns, double[] Values)> Version4(byte[] file)
    {
        List<(string, int, int, double[])> variables = [];
        int at = 0;
        while (at < file.Length)
        {
            bool big = file[at] == 0 && Int32(file, at, true) != 0;
            int type = Int32(file, at, big);
            int rows = Int32(file, at + 4, big);
            int columns = Int32(file, at + 8, big);
            int nameLength = Int32(file, at + 16, big);
            string name = Encoding.ASCII.GetString(file, at + 20, nameLength - 1);
            int storage = new[] { 9, 7, 5, 3, 4, 2 }[type / 10 % 10];
            at += 20 + nameLength;
            int size = Size(storage);
            double[] values = new double[rows * columns];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = Number(file, at + (i * size), storage, big);
            }

            at += values.Length * size;
            variables.Add((name, rows, columns, values));
        }

        return variables;
    }

    private static (string, int, int, double[]) Matrix(byte[] content, bool big)
    {
        List<(int Type, byte[] Data)> elements = [];
        int at = 0;
        while (at < content.Length)
        {
            int first = Int32(content, at, big);
            if (first >> 16 != 0)
            {
                elements.Add((first & 0xFFFF, content[(at + 4)..(at + 4 + (first >> 16))]));
                at += 8;
            }
            else
            {
                int count = Int32(content, at + 4, big);
                elements.Add((first, content[(at + 8)..(at + 8 + count)]));
                at += 8 + ((count + 7) / 8 * 8);
            }
        }

        int rows = Int32(elements[1].Data, 0, big);
        int columns = Int32(elements[1].Data, 4, big);
        (int type, byte[] data) = elements[3];
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Number(data, i * Size(type), type, big);
        }

        return (Encoding.ASCII.GetString(elements[2].Data), rows, columns, values);
    }

    private static int Size(int type) => type switch { 1 or 2 => 1, 3 or 4 => 2, 5 or 6 or 7 => 4, _ => 8 };

    private static double Number(byte[] bytes, int at, int type, bool big)
    {
        ReadOnlySpan<byte> b = bytes.AsSpan(at, Size(type));
        return type switch
        {
            1 => (sbyte)b[0],
            2 => b[0],
            3 => big ? BinaryPrimitives.ReadInt16BigEndian(b) : BinaryPrimitives.ReadInt16LittleEndian(b),
            4 => big ? BinaryPrimitives.ReadUInt16BigEndian(b) : BinaryPrimitives.ReadUInt16LittleEndian(b),
            5 => big ? BinaryPrimitives.ReadInt32BigEndian(b) : BinaryPrimitives.ReadInt32LittleEndian(b),
            6 => big ? BinaryPrimitives.ReadUInt32BigEndian(b) : BinaryPrimitives.ReadUInt32LittleEndian(b),
            7 => big ? BinaryPrimitives.ReadSingleBigEndian(b) : BinaryPrimitives.ReadSingleLittleEndian(b),
            9 => big ? BinaryPrimitives.ReadDoubleBigEndian(b) : BinaryPrimitives.ReadDoubleLittleEndian(b),
            12 => big ? BinaryPrimitives.ReadInt64BigEndian(b) : BinaryPrimitives.ReadInt64LittleEndian(b),
            _ => big ? BinaryPrimitives.ReadUInt64BigEndian(b) : BinaryPrimitives.ReadUInt64LittleEndian(b),
        };
    }

    private static int Int32(byte[] bytes, int at, bool big) =>
        big ? BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
}
