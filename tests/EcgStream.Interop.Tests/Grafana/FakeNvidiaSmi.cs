namespace EcgStream.Interop.Tests.Grafana;

/// <summary>A program of that name first on the path that prints one line in nvidia-smi's form, so that the way from there to a panel is run on machines without a GPU.</summary>
internal sealed class FakeNvidiaSmi : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgstream-gpu-").FullName;
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public FakeNvidiaSmi()
    {
        var file = Path.Combine(_folder, "nvidia-smi");
        File.WriteAllText(file, "#!/bin/sh\necho '0, Test GPU, 37, 1024, 81559, 41'\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{_folder}:{_path}");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        Directory.Delete(_folder, recursive: true);
    }
}
