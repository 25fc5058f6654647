using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EcgStream.Formats.Mat;

namespace EcgStream.Formats.Tests.Real;

/// <summary>Holds every MAT file of the real sets against scipy.io.loadmat: name, shape and each value, bit for bit.</summary>
public sealed class ScipyAgreementTests(ITestOutputHelper output)
{
    private const string Program = """
        import glob, hashlib, sys
        import numpy, scipy.io
        for path in sorted(glob.glob(sys.argv[1] + '/**/*.mat', recursive=True)):
            for name, value in scipy.io.loadmat(path).items():
                if not name.startswith('__'):
                    digest = hashlib.sha256(value.astype('<f8').tobytes(order='F')).hexdigest()
                    print(path, name, value.shape[0], value.shape[1], digest, sep='\t')
        """;

    [Theory]
    [InlineData("china-ecg-2019")]
    [InlineData("cinc2017")]
    [InlineData("twelve-lead-misc")]
    public void Read_EveryMatFile_SameAsScipy(string set)
    {
        string folder = RealData.Folder(set);
        string[] expected = RunPython(folder);
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

    private static string[] RunPython(string folder)
    {
        string python = Environment.GetEnvironmentVariable("ECG_PYTHON") ?? "python3";
        ProcessStartInfo start = new(python) { RedirectStandardOutput = true, RedirectStandardError = true, ArgumentList = { "-c", Program, folder } };
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
