using System.Globalization;
using EcgStream.Functional.Tests;

namespace EcgStream.Interop.Tests.Mqtt;

/// <summary>
/// The scenarios of broker interoperability (tests/interop-peers/mqtt_suite.py, a client that shares no code with ours) against the daemon's broker.
/// Where MQTTnet departs from the standard, the suite knows (DEVIATIONS) and fails once that is no longer so.
/// </summary>
public sealed class BrokerSuiteTests
{
    [Theory]
    [InlineData("3")]
    [InlineData("5")]
    public async Task Daemon_EveryScenario_Passes(string version)
    {
        await using var daemon = await TestDaemon.StartAsync(
            null, "--Ingest:Mqtt:RefusedSubscriptions:0=nosubscribe", "--Ingest:Mqtt:RefusedSubscriptions:1=test/nosubscribe");
        var python = PeerProcess.Require("python3", "python3");
        await using var suite = PeerProcess.Start(
            python, Path.Combine(PeerProcess.PeersFolder(), "mqtt_suite.py"), daemon.MqttPort.ToString(CultureInfo.InvariantCulture), version);

        var output = await suite.EndAsync();

        Assert.EndsWith("OK", output.TrimEnd(), StringComparison.Ordinal);
        Assert.True(output.Count(c => c == '\n') > 10, output);
        Assert.Empty(daemon.Errors);
    }
}
