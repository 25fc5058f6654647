using EcgStream.Core.Signals;
using EcgStream.Formats.Csv;
using EcgStream.Formats.Mat;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats.Tests;

/// <summary>Cut and flipped files of every format: refused or read, never anything else, and never at a cost beyond the limits.</summary>
public sealed class DamagedFileTests : IDisposable
{
    // What a reader may allocate on one of these files of a few kB: its buffers, and 1 Mi doubles for the first step of a claimed matrix.
    private const long MaxAllocatedBytes = 24 << 20;

    private const string TextCharacters = "0123456789 \n\t,\"/()+#IVx.-";

    private static readonly RecordingDefaults Defaults = new()
    {
        Leads = LeadAssignment.Of(Lead.I),
        Gain = new StatedGain(1000, 0),
        Limits = new RecordingLimits { MaxInflatedBytes = 8 << 20, MaxValues = 1 << 20 },
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("v5")]
    [InlineData("v5 big")]
    [InlineData("v5 compressed")]
    [InlineData("v4")]
    [InlineData("v4 big")]
    public void Mat_CutOrFlipped_RefusedOrRead(string kind)
    {
        Recording recording = SampleRecordings.Physical(new Random(1), "d", 12, 60);
        string path = _folder.File("d.mat");
        MatWriteOptions options = new() { BigEndian = kind.EndsWith("big", StringComparison.Ordinal), Compress = kind.EndsWith("compressed", StringComparison.Ordinal) };
        if (kind.StartsWith("v4", StringComparison.Ordinal))
        {
            RecordingWriter.WriteMat4(path, recording, options);
        }
        else
        {
            RecordingWriter.WriteMat5(path, recording, options);
        }

        Damage(path, path, headerBytes: 256);
    }

    [Theory]
    [InlineData(".hea")]
    [InlineData(".dat")]
    [InlineData(".atr")]
    public void Wfdb_CutOrFlipped_RefusedOrRead(string damaged)
    {
        Recording recording = SampleRecordings.Digital(new Random(1), "d", 3, 100, 12);
        recording = recording.With(recording.Info with { Annotations = SampleRecordings.Annotations(new Random(2), 30) });
        string header = WfdbRecordingWriter.Write(_folder.Path, recording, new WfdbWriteOptions { Format = WfdbSignalFormat.Format212 });
        int refused = Damage(_folder.File("d" + damaged), header, headerBytes: 256);
        if (damaged == ".dat")
        {
            // Two flips can leave the checksum as it was; one never does.
            Assert.InRange(refused, Runs - (Runs / 100), Runs);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Csv_CutOrFlipped_RefusedOrRead(bool lists)
    {
        string path = _folder.File("d.csv");
        Recording recording = SampleRecordings.Physical(new Random(1), "d", 1, 60);
        if (lists)
        {
            CsvRecordingWriter.WriteLists(path, [recording, recording, recording]);
        }
        else
        {
            CsvRecordingWriter.WriteLeads(path, recording);
        }

        Damage(path, path, headerBytes: 64);
    }

    [Theory]
    [InlineData("x.mat")]
    [InlineData("x.hea")]
    [InlineData("x.csv")]
    [InlineData("labels.txt")]
    public void AnyBytes_RefusedOrRead(string name) => Seeded.ForAll(Runs, random =>
    {
        byte[] bytes = new byte[random.Next(400)];
        random.NextBytes(bytes);

        // Half of them of the characters that text formats are made of.
        bool text = random.Next(2) == 0;
        for (int i = 0; text && i < bytes.Length; i++)
        {
            bytes[i] = (byte)TextCharacters[bytes[i] % TextCharacters.Length];
        }

        string path = _folder.Write(name, bytes);
        try
        {
            if (name == "labels.txt")
            {
                LabelFile.Read(path);
            }
            else
            {
                RecordingReader.Read(path, Defaults);
            }
        }
        catch (RecordingFormatException e)
        {
            Assert.StartsWith(_folder.Path, e.Message, StringComparison.Ordinal);
        }
    });

    private const int Runs = 600;

    /// <returns>How many of the damaged files were refused.</returns>
    private static int Damage(string damagedPath, string openedPath, int headerBytes)
    {
        byte[] whole = File.ReadAllBytes(damagedPath);
        int refused = 0;
        Seeded.ForAll(Runs, random =>
        {
            byte[] bytes = (byte[])whole.Clone();
            if (random.Next(3) == 0)
            {
                bytes = bytes[..random.Next(bytes.Length)];
            }
            else
            {
                // One bit only in some runs, and mostly where the structure is.
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                {
                    int at = random.Next(random.Next(3) == 0 ? bytes.Length : Math.Min(bytes.Length, headerBytes));
                    bytes[at] ^= (byte)(1 << random.Next(8));
                }
            }

            if (bytes.AsSpan().SequenceEqual(whole))
            {
                bytes = [];
            }

            File.WriteAllBytes(damagedPath, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                foreach (RecordingEntry entry in RecordingReader.Open(openedPath, Defaults))
                {
                    entry.Read();
                }
            }
            catch (RecordingFormatException)
            {
                refused++;
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MaxAllocatedBytes, $"{allocated} bytes allocated");
        });
        return refused;
    }
}
