using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace EcgStream.Formats.Mat;

/// <summary>Numbers of any storage type and byte order, to and from doubles.</summary>
internal static class MatNumbers
{
    private const int ChunkBytes = 64 * 1024;

    // From here on neighbouring integers share a double, so a sample would silently change.
    private const long LargestExactInteger = 1L << 53;

    /// <summary>
    /// Reads <paramref name="count"/> numbers. The array grows with the data that really come, so a small compressed element
    /// that claims gigabytes costs what it holds.
    /// </summary>
    public static double[] Read(MatCursor cursor, MatStorage storage, int count)
    {
        int size = storage.Size();
        cursor.Require((long)count * size, "numbers");
        double[] values = new double[Math.Min(count, 1 << 20)];
        byte[] rented = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            int done = 0;
            while (done < count)
            {
                int now = Math.Min(count - done, ChunkBytes / size);
                if (done + now > values.Length)
                {
                    Array.Resize(ref values, (int)Math.Min(count, values.Length * 2L));
                }

                Span<byte> chunk = rented.AsSpan(0, now * size);
                cursor.Read(chunk);
                if (cursor.BigEndian == BitConverter.IsLittleEndian)
                {
                    Reverse(chunk, size);
                }

                if (!ToDoubles(chunk, storage, values.AsSpan(done, now)))
                {
                    throw cursor.Fault(RecordingFault.Unsupported, $"a {storage} beyond ±2^53 has no exact double");
                }

                done += now;
            }

            return values;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Writes the values in <paramref name="storage"/>; a value that the type cannot hold exactly is refused.</summary>
    public static void Write(Stream stream, ReadOnlySpan<double> values, MatStorage storage, bool bigEndian)
    {
        int size = storage.Size();
        byte[] rented = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (!values.IsEmpty)
            {
                int now = Math.Min(values.Length, ChunkBytes / size);
                Span<byte> chunk = rented.AsSpan(0, now * size);
                FromDoubles(values[..now], storage, chunk);
                if (bigEndian == BitConverter.IsLittleEndian)
                {
                    Reverse(chunk, size);
                }

                stream.Write(chunk);
                values = values[now..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void Reverse(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2:
                Span<ushort> shorts = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                Span<uint> ints = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                Span<ulong> longs = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }

    private static bool ToDoubles(ReadOnlySpan<byte> bytes, MatStorage storage, Span<double> values)
    {
        switch (storage)
        {
            case MatStorage.Double:
                MemoryMarshal.Cast<byte, double>(bytes).CopyTo(values);
                return true;
            case MatStorage.Single:
                return Convert<float>(bytes, values);
            case MatStorage.Int8:
                return Convert<sbyte>(bytes, values);
            case MatStorage.UInt8:
                return Convert<byte>(bytes, values);
            case MatStorage.Int16:
                return Convert<short>(bytes, values);
            case MatStorage.UInt16:
                return Convert<ushort>(bytes, values);
            case MatStorage.Int32:
                return Convert<int>(bytes, values);
            case MatStorage.UInt32:
                return Convert<uint>(bytes, values);
            case MatStorage.Int64:
                foreach (long value in MemoryMarshal.Cast<byte, long>(bytes))
                {
                    if (value is > LargestExactInteger or < -LargestExactInteger)
                    {
                        return false;
                    }
                }

                return Convert<long>(bytes, values);
            case MatStorage.UInt64:
                foreach (ulong value in MemoryMarshal.Cast<byte, ulong>(bytes))
                {
                    if (value > LargestExactInteger)
                    {
                        return false;
                    }
                }

                return Convert<ulong>(bytes, values);
            default:
                throw new ArgumentOutOfRangeException(nameof(storage), storage, "not a storage type");
        }
    }

    private static bool Convert<T>(ReadOnlySpan<byte> bytes, Span<double> values)
        where T : struct, INumberBase<T>
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(bytes);
        for (int i = 0; i < from.Length; i++)
        {
            values[i] = double.CreateTruncating(from[i]);
        }

        return true;
    }

    private static void FromDoubles(ReadOnlySpan<double> values, MatStorage storage, Span<byte> bytes)
    {
        switch (storage)
        {
            case MatStorage.Double:
                values.CopyTo(MemoryMarshal.Cast<byte, double>(bytes));
                break;
            case MatStorage.Single:
                Span<float> floats = MemoryMarshal.Cast<byte, float>(bytes);
                for (int i = 0; i < values.Length; i++)
                {
                    floats[i] = (float)values[i];
                }

                break;
            case MatStorage.Int8:
                ConvertBack<sbyte>(values, bytes);
                break;
            case MatStorage.UInt8:
                ConvertBack<byte>(values, bytes);
                break;
            case MatStorage.Int16:
                ConvertBack<short>(values, bytes);
                break;
            case MatStorage.UInt16:
                ConvertBack<ushort>(values, bytes);
                break;
            case MatStorage.Int32:
                ConvertBack<int>(values, bytes);
                break;
            case MatStorage.UInt32:
                ConvertBack<uint>(values, bytes);
                break;
            case MatStorage.Int64:
                ConvertBack<long>(values, bytes);
                break;
            case MatStorage.UInt64:
                ConvertBack<ulong>(values, bytes);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(storage), storage, "not a storage type");
        }
    }

    private static void ConvertBack<T>(ReadOnlySpan<double> values, Span<byte> bytes)
        where T : struct, INumberBase<T>
    {
        Span<T> to = MemoryMarshal.Cast<byte, T>(bytes);
        for (int i = 0; i < values.Length; i++)
        {
            to[i] = T.CreateSaturating(values[i]);
            if (double.CreateTruncating(to[i]) != values[i])
            {
                throw new ArgumentException($"{values[i]} is no {typeof(T).Name}", nameof(values));
            }
        }
    }
}
