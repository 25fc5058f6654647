using System.Buffers.Binary;
using System.Text;
using EcgStream.Core.Signals;
using EcgStream.Formats.Mat;
using PureHDF;

namespace EcgStream.Formats.Tests.Mat;

/// <summary>Recordings inside structs and cells, and in MAT v7.3.</summary>
public sealed class MatAsTheyAreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_StructOfARecording_TakesSamplesRateLeadsAndUnit()
    {
        byte[] members =
        [
            .. Numbers("", 1, 1, 250),
            .. Numbers("", 2, 3, 100, 1, 200, 2, 300, 3),
            .. Matrix(1, 1, 2, "", [.. Characters("ECG1"), .. Characters("V5")]),
            .. Characters("uV"),
        ];
        byte[] record = Matrix(2, 1, 1, "ECG", [.. Fields("fs", "data", "leads", "unit"), .. members]);
        Recording recording = RecordingReader.Read(_folder.Write("s.mat", File5(record)), RecordingDefaults.Standard);
        Assert.Equal([Lead.Ecg, Lead.V5], recording.Leads);
        Assert.Equal(250, recording.SampleRateHz);
        Assert.Equal([0.1, 0.2, 0.3], recording.Millivolts(0).ToArray());
        Assert.Contains(recording.Info.Notes, note => note.Contains("ECG.data", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_NestedCell_IsFoundOrNamedByTheCaller()
    {
        byte[] cell = Matrix(1, 1, 2, "c", [.. Numbers("", 1, 4, 1, 2, 3, 4), .. Matrix(1, 1, 1, "", Numbers("", 1, 4, 5, 6, 7, 8))]);
        string path = _folder.Write("c.mat", File5(cell));
        Assert.Contains("--variable", Assert.Throws<RecordingFormatException>(() => RecordingReader.Read(path, RecordingDefaults.Standard)).Message, StringComparison.Ordinal);
        Assert.Equal([5, 6, 7, 8], RecordingReader.Read(path, new RecordingDefaults { Variable = "c{2}{1}" }).Millivolts(0).ToArray());
    }

    [Fact]
    public void Read_StructArray_NamesItsElements()
    {
        byte[] array = Matrix(2, 1, 2, "e", [.. Fields("data"), .. Numbers("", 1, 4, 1, 2, 3, 4), .. Numbers("", 1, 2, 9, 9)]);
        using MatFile file = MatFile.Open(_folder.Write("a.mat", File5(array)));
        Assert.Equal(["e", "e(1).data", "e(2).data"], file.Variables.Select(variable => variable.Name));
        Assert.Equal(9, file.Read(file.Variables[2])[0, 1]);
    }

    [Fact]
    public void Read_Version73_TakesMatricesStructsAndTheirRate()
    {
        string path = Hdf5("v.mat", new H5File
        {
            ["ECG"] = new H5Group { ["fs"] = new double[,] { { 250 } }, ["data"] = new double[,] { { 0.5, 1 }, { 1.5, 2 }, { 2.5, 3 } } },
        });
        Recording recording = RecordingReader.Read(path, new RecordingDefaults { Leads = LeadAssignment.Of(Lead.II, Lead.V1) });
        Assert.Equal((RecordingFormat.Mat73, 250d), (recording.Info.Format, recording.SampleRateHz));
        Assert.Equal([0.5, 1.5, 2.5], recording.Millivolts(0).ToArray());
        Assert.Equal([1, 2, 3], recording.Millivolts(1).ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_Version73OfIntegers_NeedsAGainOrAUnit(bool gain)
    {
        string path = Hdf5("i.mat", new H5File { ["val"] = new short[,] { { 100 }, { -200 } } });
        Assert.Contains("--gain", Assert.Throws<RecordingFormatException>(() => RecordingReader.Read(path, RecordingDefaults.Standard)).Message, StringComparison.Ordinal);
        Recording recording = RecordingReader.Read(path, gain ? new RecordingDefaults { Gain = new StatedGain(1000) } : new RecordingDefaults { Unit = PhysicalUnit.Microvolts });
        double[] millivolts = new double[2];
        recording.CopyMillivolts(0, 0, millivolts.AsSpan());
        Assert.Equal([0.1, -0.2], millivolts);
    }

    // What MATLAB puts before the HDF5 part, whose superblock states how long it is.
    private string Hdf5(string name, H5File content)
    {
        using MemoryStream stream = new();
        content.Write(stream);
        byte[] head = new byte[512];
        Encoding.ASCII.GetBytes("MATLAB 7.3 MAT-file").CopyTo(head, 0);
        (head[124], head[125], head[126], head[127]) = (0, 2, (byte)'I', (byte)'M');
        const int BaseAddress = 12;
        byte[] hdf = stream.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(hdf.AsSpan(BaseAddress), head.Length);
        return _folder.Write(name, [.. head, .. hdf]);
    }

    private static byte[] File5(params byte[][] elements)
    {
        byte[] head = new byte[128];
        Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file").CopyTo(head, 0);
        (head[124], head[125], head[126], head[127]) = (0, 1, (byte)'I', (byte)'M');
        return [.. head, .. elements.SelectMany(element => element)];
    }

    private static byte[] Numbers(string name, int rows, int columns, params double[] values) =>
        Matrix(6, rows, columns, name, Element(9, [.. values.SelectMany(BitConverter.GetBytes)]));

    private static byte[] Characters(string text) => Matrix(4, 1, text.Length, "", Element(4, Encoding.Unicode.GetBytes(text)));

    private static byte[] Fields(params string[] names) =>
        [.. Element(5, BitConverter.GetBytes(8)), .. Element(1, [.. names.SelectMany(name => Encoding.ASCII.GetBytes(name.PadRight(8, '\0')))])];

    private static byte[] Matrix(int matClass, int rows, int columns, string name, byte[] content) => Element(14,
    [
        .. Element(6, [(byte)matClass, 0, 0, 0, 0, 0, 0, 0]),
        .. Element(5, [.. BitConverter.GetBytes(rows), .. BitConverter.GetBytes(columns)]),
        .. Element(1, Encoding.ASCII.GetBytes(name)),
        .. content,
    ]);

    private static byte[] Element(int type, byte[] content)
    {
        byte[] element = new byte[8 + ((content.Length + 7) & ~7)];
        BinaryPrimitives.WriteInt32LittleEndian(element, type);
        BinaryPrimitives.WriteInt32LittleEndian(element.AsSpan(4), content.Length);
        content.CopyTo(element, 8);
        return element;
    }
}
