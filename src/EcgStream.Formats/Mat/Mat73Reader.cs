using System.Collections.Immutable;
using PureHDF;

namespace EcgStream.Formats.Mat;

/// <summary>
/// The variables of a MAT v7.3 file: HDF5 behind a head of 512 bytes, each variable a dataset with its dimensions in reverse, a struct a group. Whatever the library
/// throws on a damaged file becomes a refusal.
/// </summary>
internal sealed class Mat73Reader : IDisposable
{
    private const string ClassAttribute = "MATLAB_class";
    private const int MaxDepth = 8;
    private const int MaxTextElements = 2048;

    private readonly IDisposable _file;
    private readonly Dictionary<string, IH5Dataset> _datasets = new(StringComparer.Ordinal);
    private readonly ImmutableArray<MatVariable>.Builder _variables = ImmutableArray.CreateBuilder<MatVariable>();
    private readonly string _path;
    private readonly RecordingLimits _limits;

    private Mat73Reader(IDisposable file, string path, RecordingLimits limits)
    {
        _file = file;
        _path = path;
        _limits = limits;
    }

    public ImmutableArray<MatVariable> Variables => _variables.ToImmutable();

    /// <summary>Lists the variables. The stream stays open and the caller's.</summary>
    public static Mat73Reader Open(Stream stream, string path, RecordingLimits limits) => Guard(path, () =>
    {
        stream.Position = 0;
        PureHDF.VOL.Native.NativeFile file = H5File.Open(stream, leaveOpen: true);
        Mat73Reader reader = new(file, path, limits);
        reader.List(file, "", 0);
        return reader;
    });

    public MatMatrix Read(MatVariable variable) => Guard(_path, () =>
    {
        IH5Dataset dataset = _datasets[variable.Name];
        double[] values = (dataset.Type.Class, dataset.Type.Size) switch
        {
            (H5DataTypeClass.FloatingPoint, 8) => dataset.Read<double[]>(),
            (H5DataTypeClass.FloatingPoint, 4) => Convert<float>(dataset),
            (H5DataTypeClass.FixedPoint, 1) => variable.Class == MatClass.Int8 ? Convert<sbyte>(dataset) : Convert<byte>(dataset),
            (H5DataTypeClass.FixedPoint, 2) => variable.Class == MatClass.Int16 ? Convert<short>(dataset) : Convert<ushort>(dataset),
            (H5DataTypeClass.FixedPoint, 4) => variable.Class == MatClass.Int32 ? Convert<int>(dataset) : Convert<uint>(dataset),
            (H5DataTypeClass.FixedPoint, 8) => variable.Class == MatClass.Int64 ? Convert<long>(dataset) : Convert<ulong>(dataset),
            _ => throw new RecordingFormatException(
                RecordingFault.Unsupported, _path, $"variable {variable}", $"HDF5 type {dataset.Type.Class} of {dataset.Type.Size} bytes is not read"),
        };
        return values.LongLength == variable.ElementCount
            ? new MatMatrix(variable.Name, variable.Class, variable.Dimensions[0], variable.Dimensions[1], values)
            : throw new RecordingFormatException(RecordingFault.Truncated, _path, $"variable {variable}", $"{values.LongLength} values are there");
    });

    public string? ReadText(MatVariable variable) => Guard(_path, () =>
        _datasets[variable.Name] is var dataset && dataset.Type.Size == 2 && variable.ElementCount <= MaxTextElements
            ? new string(Array.ConvertAll(dataset.Read<ushort[]>(), c => (char)c))
            : null);

    public void Dispose() => _file.Dispose();

    private void List(IH5Group group, string prefix, int depth)
    {
        foreach (IH5Object child in group.Children())
        {
            // What stands under a number sign is MATLAB's own.
            if (child.Name.StartsWith('#'))
            {
                continue;
            }

            if (_variables.Count == _limits.MaxVariables)
            {
                throw new RecordingFormatException(RecordingFault.LimitExceeded, _path, "", $"more than {_limits.MaxVariables} variables");
            }

            string name = prefix + child.Name;
            switch (child)
            {
                case IH5Group inner:
                    _variables.Add(new MatVariable { Name = name, Class = MatClass.Struct, Dimensions = [1, 1] });
                    if (depth < MaxDepth)
                    {
                        List(inner, name + ".", depth + 1);
                    }

                    break;
                case IH5Dataset dataset:
                    Add(name, dataset);
                    break;
            }
        }
    }

    private void Add(string name, IH5Dataset dataset)
    {
        MatVariable variable = new()
        {
            Name = name,
            Class = ClassOf(dataset),
            IsLogical = MatlabClass(dataset) == "logical",
            Dimensions = DimensionsOf(dataset),
        };
        _variables.Add(variable);
        _datasets[name] = dataset;

        // A cell holds references to datasets that stand elsewhere.
        if (variable.Class == MatClass.Cell && variable.ElementCount is > 0 and <= 64 && dataset.Type.Class == H5DataTypeClass.Reference && _file is IH5Group)
        {
            PureHDF.VOL.Native.NativeObjectReference1[] references = dataset.Read<PureHDF.VOL.Native.NativeObjectReference1[]>();
            for (int i = 0; i < references.Length && _variables.Count < _limits.MaxVariables; i++)
            {
                if (((PureHDF.VOL.Native.NativeGroup)_file).Get(references[i]) is IH5Dataset cell && ClassOf(cell) != MatClass.Cell)
                {
                    Add(FormattableString.Invariant($"{name}{{{i + 1}}}"), cell);
                }
            }
        }
    }

    private static ImmutableArray<int> DimensionsOf(IH5Dataset dataset)
    {
        ulong[] dimensions = dataset.Space.Dimensions;
        int[] reversed = [.. dimensions.Reverse().Select(dimension => (int)Math.Min(dimension, int.MaxValue))];
        return reversed.Length switch
        {
            0 => [1, 1],
            1 => [reversed[0], 1],
            _ => [.. reversed],
        };
    }

    private static string? MatlabClass(IH5Dataset dataset) =>
        dataset.AttributeExists(ClassAttribute) ? dataset.Attribute(ClassAttribute).Read<string>() : null;

    private static MatClass ClassOf(IH5Dataset dataset) => MatlabClass(dataset) switch
    {
        "double" => MatClass.Double,
        "single" => MatClass.Single,
        "int8" => MatClass.Int8,
        "uint8" or "logical" => MatClass.UInt8,
        "int16" => MatClass.Int16,
        "uint16" => MatClass.UInt16,
        "int32" => MatClass.Int32,
        "uint32" => MatClass.UInt32,
        "int64" => MatClass.Int64,
        "uint64" => MatClass.UInt64,
        "char" => MatClass.Char,
        "cell" => MatClass.Cell,
        "struct" => MatClass.Struct,
        null => (dataset.Type.Class, dataset.Type.Size) switch
        {
            (H5DataTypeClass.FloatingPoint, 8) => MatClass.Double,
            (H5DataTypeClass.FloatingPoint, 4) => MatClass.Single,
            (H5DataTypeClass.FixedPoint, 1) => dataset.Type.FixedPoint.IsSigned ? MatClass.Int8 : MatClass.UInt8,
            (H5DataTypeClass.FixedPoint, 2) => dataset.Type.FixedPoint.IsSigned ? MatClass.Int16 : MatClass.UInt16,
            (H5DataTypeClass.FixedPoint, 4) => dataset.Type.FixedPoint.IsSigned ? MatClass.Int32 : MatClass.UInt32,
            (H5DataTypeClass.FixedPoint, 8) => dataset.Type.FixedPoint.IsSigned ? MatClass.Int64 : MatClass.UInt64,
            _ => MatClass.Opaque,
        },
        _ => MatClass.Opaque,
    };

    private static double[] Convert<T>(IH5Dataset dataset)
        where T : struct, System.Numerics.INumberBase<T> =>
        Array.ConvertAll(dataset.Read<T[]>(), double.CreateTruncating);

    /// <summary>A library that meets a damaged file throws what its code happens to run into.</summary>
    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
#pragma warning disable CA1031 // Any exception of the library means the same here: the file is damaged or of a kind that it does not read.
        catch (Exception e) when (e is not (RecordingFormatException or OutOfMemoryException))
        {
            throw new RecordingFormatException(RecordingFault.Malformed, path, "", $"a MAT v7.3 file whose HDF5 part is damaged or not read: {e.Message}", e);
        }
#pragma warning restore CA1031
    }
}
