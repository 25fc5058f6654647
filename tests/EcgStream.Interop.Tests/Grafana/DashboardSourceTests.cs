using System.Text.Json;
using EcgStream.Interop.Tests.Mqtt;
using EcgStream.Testing;

namespace EcgStream.Interop.Tests.Grafana;

/// <summary>The checked-in dashboards are what their source writes, and hold what Grafana needs.</summary>
public sealed class DashboardSourceTests
{
    private static readonly string Folder = RepositoryFiles.Find("deploy/grafana");

    [Fact]
    public async Task Dashboards_WrittenAnewFromTheSource_AreThoseCheckedIn()
    {
        var compiler = Path.Combine(Folder, "node_modules", "typescript", "bin", "tsc");
        Assert.SkipUnless(File.Exists(compiler), "The dashboards' compiler is not installed (npm ci in deploy/grafana; tests/run.sh does it).");
        var node = PeerProcess.Require("node", "nodejs");
        var written = Directory.CreateTempSubdirectory("ecgstream-grafana-").FullName;
        await RunAsync(node, compiler, "-p", Folder, "--outDir", Path.Combine(Folder, "dist"));
        await RunAsync(node, Path.Combine(Folder, "dist", "main.js"), written);

        string[] files = [.. Files(written)];
        Assert.Equal(9, files.Length);
        Assert.Equal<string>(files.AsEnumerable(), [.. Files(Folder).Where(file => file.StartsWith("dashboards", StringComparison.Ordinal) || file.Contains("alerting", StringComparison.Ordinal))]);
        Assert.All(files, file => Assert.Equal(File.ReadAllText(Path.Combine(written, file)), File.ReadAllText(Path.Combine(Folder, file))));
        Directory.Delete(written, recursive: true);
    }

    [Theory]
    [InlineData("influxql")]
    [InlineData("flux")]
    public void Dashboards_OfOneLanguage_NameTheProvisionedSourceAndHaveUnits(string language)
    {
        var source = File.ReadAllText(Path.Combine(Folder, "provisioning", "datasources", "ecgstream.yaml"));
        Assert.Contains($"uid: ecgstream-{language}", source, StringComparison.Ordinal);
        string[] names = ["models", "patient", "pipeline", "ward"];
        Assert.Equal(names, Directory.GetFiles(Path.Combine(Folder, "dashboards", language)).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "dashboards", language, name + ".json")));
            var page = json.RootElement;
            Assert.Equal($"ecgstream-{name}-{language}", page.GetProperty("uid").GetString());
            Assert.All(page.GetProperty("panels").EnumerateArray(), panel =>
            {
                Assert.NotEqual("", panel.GetProperty("description").GetString());
                Assert.True(panel.GetProperty("gridPos").GetProperty("w").GetInt32() > 0);
                Assert.All(panel.GetProperty("targets").EnumerateArray(), target => Assert.Equal($"ecgstream-{language}", target.GetProperty("datasource").GetProperty("uid").GetString()));
            });
        }
    }

    private static IEnumerable<string> Files(string root) => Directory.GetFiles(root, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(root, file)).Where(file => !file.StartsWith("node_modules", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        await using var process = PeerProcess.Start(program, arguments);
        await process.EndAsync();
    }
}
