using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
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
        var node = await CompileAsync();
        var written = Directory.CreateTempSubdirectory("ecgstream-grafana-").FullName;
        await RunAsync(node, Path.Combine(Folder, "dist", "main.js"), written);

        string[] files = [.. Files(written)];
        Assert.Equal(9, files.Length);
        Assert.Equal<string>(files.AsEnumerable(), [.. Files(Folder).Where(file => file.StartsWith("dashboards", StringComparison.Ordinal) || file.Contains("alerting", StringComparison.Ordinal))]);
        Assert.All(files, file => Assert.Equal(File.ReadAllText(Path.Combine(written, file)), File.ReadAllText(Path.Combine(Folder, file))));
        Directory.Delete(written, recursive: true);
    }

    [Fact]
    public async Task Drawing_OfResultsOfEachKindOfPanel_ShowsThemInTheirPlaces()
    {
        var node = await CompileAsync();
        var drawn = Directory.CreateTempSubdirectory("ecgstream-drawn-").FullName;
        const string Second = "000000000";
        await File.WriteAllTextAsync(Path.Combine(drawn, "results.json"), $$"""
            [{"Dashboard":"ward","Panel":"Patients sending","Type":"stat","RefId":"A","Series":[{"columns":["time","patients"],"values":[[0,12]]}]},
             {"Dashboard":"ward","Panel":"Open alarms","Type":"table","RefId":"A","Series":[
               {"tags":{"device":"bed <1>"},"columns":["time","state","priority"],"values":[[1700000000{{Second}},1,1]]},
               {"tags":{"device":"bed 2"},"columns":["time","state","priority"],"values":[[1700000000{{Second}},3,3]]}]},
             {"Dashboard":"ward","Panel":"Heart rate now","Type":"bargauge","RefId":"A","Series":[{"tags":{"device":"bed 2"},"columns":["time","heart rate"],"values":[[1700000000{{Second}},71.4]]}]},
             {"Dashboard":"ward","Panel":"Heart rates","Type":"timeseries","RefId":"A","Series":[{"tags":{"device":"bed 2"},"columns":["time","heart rate"],"values":[[1700000000{{Second}},70],[1700000010{{Second}},null],[1700000020{{Second}},80]]}]}]
            """, TestContext.Current.CancellationToken);

        await RunAsync(node, Path.Combine(Folder, "dist", "draw", "main.js"), drawn, Path.Combine(Folder, "dashboards", "influxql"));

        var picture = XDocument.Load(Path.Combine(drawn, "ward.svg")).Root!;
        var texts = picture.Descendants().Where(item => item.Name.LocalName == "text").Select(item => item.Value).ToList();
        Assert.Superset(new HashSet<string> { "Patients sending", "12", "bed <1>", "latched", "high", "active", "low", "71 /min", "80 /min", "22:13:20", "22:13:40", "No data" }, texts.ToHashSet());
        Assert.True(texts.IndexOf("high") < texts.IndexOf("low"), "The alarms of high priority stand first");
        var circles = picture.Descendants().Where(item => item.Name.LocalName == "circle").Select(item => double.Parse(item.Attribute("cy")!.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(2, circles.Count);
        Assert.True(circles[0] > circles[1], "80 stands above 70");
        Assert.Contains("ward.svg", await File.ReadAllTextAsync(Path.Combine(drawn, "index.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Directory.Delete(drawn, recursive: true);
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
                var place = panel.GetProperty("gridPos");
                Assert.InRange(place.GetProperty("w").GetInt32(), 1, 24 - place.GetProperty("x").GetInt32());
                Assert.All(panel.GetProperty("targets").EnumerateArray(), target => Assert.Equal($"ecgstream-{language}", target.GetProperty("datasource").GetProperty("uid").GetString()));
            });
        }
    }

    private static IEnumerable<string> Files(string root) => Directory.GetFiles(root, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(root, file)).Where(file => !file.StartsWith("node_modules", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Compiles the folder's TypeScript and returns what runs it.</summary>
    private static async Task<string> CompileAsync()
    {
        var compiler = Path.Combine(Folder, "node_modules", "typescript", "bin", "tsc");
        Assert.SkipUnless(File.Exists(compiler), "The dashboards' compiler is not installed (npm ci in deploy/grafana; tests/run.sh does it).");
        var node = PeerProcess.Require("node", "nodejs");
        await RunAsync(node, compiler, "-p", Folder, "--outDir", Path.Combine(Folder, "dist"));
        return node;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        await using var process = PeerProcess.Start(program, arguments);
        await process.EndAsync();
    }
}
