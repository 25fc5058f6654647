using System.Text.Json;
using EcgStream.Core.Alarms;

namespace EcgStream.Functional.Tests.Commands;

/// <summary>The first command of the README, in a process of its own: nothing is lost, and the patients whose rhythm is an alarm get it.</summary>
public sealed class DemoCommandTests
{
    [Fact]
    public async Task Demo_LosesNothingAndAlarmsWhoItShould()
    {
        var (code, output, error) = await DaemonProcess.RunAsync(TestContext.Current.CancellationToken, "demo", "--seconds", "40");

        Assert.True(code == 0, output + error);
        var summary = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        Assert.Equal(0, summary.GetProperty("lost").GetInt64());
        Assert.Equal(summary.GetProperty("windows").GetInt64(), summary.GetProperty("resultsStored").GetInt64());
        Assert.InRange(summary.GetProperty("beats").GetInt64(), 400, 1000);
        Assert.Equal(summary.GetProperty("beats").GetInt64(), summary.GetProperty("beatsStored").GetInt64());
        var alarms = summary.GetProperty("patients").EnumerateArray().ToDictionary(
            patient => patient.GetProperty("device").GetString()!, patient => patient.GetProperty("alarms").EnumerateObject().Select(alarm => alarm.Name).ToList());
        Assert.Contains("Asystole", alarms["demo-asystole"]);
        Assert.Contains("VentricularFibrillation", alarms["demo-vf"]);
        Assert.Contains("VentricularTachycardia", alarms["demo-vt"]);
        Assert.Contains("AtrialFibrillation", alarms["demo-af"]);
        Assert.Contains("AtrialFibrillation", alarms["demo-wearable-af"]);
        Assert.Contains("VentricularTrigeminy", alarms["demo-trigeminy"]);
        Assert.Contains("FrequentPremature", alarms["demo-pvc"]);

        // A machine that is held up for seconds may rightly say that no data came; what it says of the heart must be nothing.
        var sinus = alarms["demo-sinus-1"].Concat(alarms["demo-sinus-2"]).Concat(alarms["demo-wearable"]);
        Assert.DoesNotContain(sinus, alarm => Enum.Parse<AlarmCondition>(alarm).Kind() == AlarmKind.Patient);
    }
}
