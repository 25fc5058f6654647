using EcgStream.Daemon.Settings;
using EcgStream.Testing;

namespace EcgStream.Daemon.Tests.Settings;

public sealed class SettingsReferenceTests
{
    /// <summary>To renew it: <c>dotnet run -c Release --project src/EcgStream.Daemon -- settings --markdown > deploy/settings.md</c>.</summary>
    [Fact]
    public void Markdown_OfTheOptionsClasses_IsTheFileInDeploy()
    {
        var file = RepositoryFiles.Find("deploy/settings.md");
        Assert.Equal(File.ReadAllText(file), SettingsReference.Markdown());
    }

    [Fact]
    public void Markdown_EverySetting_SaysWhatItMeans()
    {
        var rows = SettingsReference.Markdown().Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        Assert.Equal(SettingsCatalog.Keys.Count(), rows.Count);
        Assert.DoesNotContain(rows, row => row.EndsWith("|  |", StringComparison.Ordinal));
    }
}
