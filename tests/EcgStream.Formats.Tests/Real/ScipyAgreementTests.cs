using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EcgStream.Formats.Mat;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats.Tests.Real;

/// <summary>
/// Holds every MAT file of the real sets against scipy.io.loadmat (name, shape and each value, bit for bit) and WFDB signal files
/// against numpy. The interpreter is <c>ECG_PYTHON</c>, or <c>python3</c>.
/// </summary>
public sealed class ScipyAgreementTests(ITestOutputHelper output)
{
    private const string MatProgram = """
        import glob, hashlib, sys
        import numpy, scipy.io
        for path in sorted(glob.glob(sys.argv[1] + '/**/*.mat', recursive=True)):
            for name, value in scipy.io.loadmat(path).items():
                if not name.startswith('__'):
                    digest = hashlib.sha256(value.astype('<f8').tobytes(order='F')).hexdigest()
                    print(path, name, value.shape[0], value.shape[1], digest, sep='\t')
        """;

    // Formats 16 and 212 unpacked with whole-array arithmetic, lead after lead.
    private const string WfdbProgram = """
        import glob, hashlib, sys
        import numpy
        for path in sorted(glob.glob(sys.argv[1] + '/**/*.hea', recursive=True)):
            lines = [line.split() for line in open(path) if line.strip() and line[0] != '#']
            signals, samples = int(lines[0][1]), int(lines[0][3])
            raw = numpy.fromfile(path[:-3] + 'dat', 'u1')
            if lines[1][1] == '16':
                flat = raw.view('<i2')
            else:
                three = raw.reshape(-1, 3).astype('i4')
                flat = numpy.stack([three[:, 0] + (three[:, 1] % 16) * 256, three[:, 2] + (three[:, 1] // 16) * 256], 1).reshape(-1)
                flat = numpy.where(flat > 2047, flat - 4096, flat).astype('<i2')
            leads = flat[:signals * samples].reshape(samples, signals).T
            print(path, hashlib.sha256(numpy.ascontiguousarray(leads).tobytes()).hexdigest(), sep='\t')
        """;

    [Theory]
    [InlineData("china-ecg-2019")]
    [InlineData("cinc2017")]
    [InlineData("twelve-lead-misc")]
    public void Read_EveryMatFile_SameAsScipy(string set)
    {
        string folder = RealData.Folder(set);
        string[] expected = RunPython(folder, MatProgram);
        Assert.NotEmpty(expected);
        foreach (string line in expected)
        {
            string path = line.Split('\t')[0];
            using MatFile file = MatFile.Open(path);
            MatVariable variable = Assert.Single(file.Variables);
            MatMatrix matrix = file.Read(variable);
            string digest = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(matrix.ColumnMajor)));
            Assert.Equal(line, string.Join('\t', path, matrix.Name, matrix.Rows, matrix.Columns, digest));
        }

        output.WriteLine($"{set}: {expected.Length} files agree");
    }

    [Theory]
    [InlineData("ptbxl-500")]
    [InlineData("mitdb")]
    public void Read_EveryWfdbRecord_SameAsNumpy(string set)
    {
        string[] expected = RunPython(RealData.Folder(set), WfdbProgram);
        Assert.NotEmpty(expected);
        foreach (string line in expected)
        {
            string path = line.Split('\t')[0];
            WfdbRecord record = WfdbRecordReader.Read(path);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int signal = 0; signal < record.Header.Signals.Length; signal++)
            {
                hash.AppendData(MemoryMarshal.AsBytes(record.Samples(signal)));
            }

            Assert.Equal(line, $"{path}\t{Convert.ToHexStringLower(hash.GetHashAndReset())}");
        }

        output.WriteLine($"{set}: {expected.Length} records agree");
    }

    private static string[] RunPython(string folder, string program)
    {
        string python = Environment.GetEnvironmentVariable("ECG_PYTHON") ?? "python3";
        ProcessStartInfo start = new(python) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(program);
        start.ArgumentList.Add(folder);
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Assert.Skip($"{python} cannot be started: {e.Message}");
        }

        using (process)
        {
            process!.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.SkipUnless(process.ExitCode == 0, $"{python} has no scipy");
            return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
