using System.Globalization;
using EcgStream.Interop.Tests.Mqtt;

namespace EcgStream.Interop.Tests.Deploy;

/// <summary>What the shipped access list lets a device do over TLS, and what not.</summary>
public sealed class MosquittoAccessTests
{
    [Fact]
    public async Task Publish_DeviceOverTls_ToItsOwnSamplesOnly()
    {
        var client = PeerProcess.Require("mosquitto_pub", "mosquitto-clients");
        await using var broker = await ShippedMosquitto.StartAsync("ecgstreamd", "clinician", "bed-1", "bed-2");

        Assert.Equal("", await PublishAsync("bed-1", "ecg/v1/main/bed-1/samples"));
        Assert.Contains("Not authorized", await PublishAsync("bed-1", "ecg/v1/main/bed-2/samples"), StringComparison.Ordinal);
        Assert.Contains("Not authorized", await PublishAsync("bed-1", "ecg/v1/main/bed-1/alarms"), StringComparison.Ordinal);
        Assert.Contains("Not authorized", await PublishAsync("clinician", "ecg/v1/main/bed-1/samples"), StringComparison.Ordinal);
        Assert.Contains("Not authorized", await PublishAsync("bed-1", "ecg/v1/main/bed-1/samples", password: "wrong"), StringComparison.Ordinal);
        Assert.NotEqual("", await PublishAsync("bed-1", "ecg/v1/main/bed-1/samples", authority: "/etc/ssl/certs/ca-certificates.crt"));

        async Task<string> PublishAsync(string user, string topic, string? password = null, string? authority = null)
        {
            await using var process = PeerProcess.Start(
                "sh", "-c", "\"$@\" || true", "sh", client, "-h", "localhost", "-p", broker.TlsPort.ToString(CultureInfo.InvariantCulture), "--cafile", authority ?? broker.CaFile,
                "-V", "5", "-q", "1", "-u", user, "-P", password ?? broker.PasswordOf(user), "-t", topic, "-m", "x");
            return (await process.EndAsync()).Trim();
        }
    }

    [Fact]
    public async Task Subscribe_DeviceAndDaemon_ReceiveWhatTheListSays()
    {
        var (publish, subscribe) = (PeerProcess.Require("mosquitto_pub", "mosquitto-clients"), PeerProcess.Require("mosquitto_sub", "mosquitto-clients"));
        await using var broker = await ShippedMosquitto.StartAsync("ecgstreamd", "bed-1", "bed-2");

        // Retained, so that whoever may read gets it at once; -W ends those who may not.
        foreach (var device in (string[])["bed-1", "bed-2"])
        {
            await using var alarm = PeerProcess.Start(publish, [.. Client("ecgstreamd"), "-q", "1", "-r", "-t", $"ecg/v1/main/{device}/alarms", "-m", $"alarm of {device}"]);
            await alarm.EndAsync();
        }

        await using var own = PeerProcess.Start(subscribe, [.. Client("bed-1"), "-t", "ecg/v1/main/bed-1/alarms", "-C", "1", "-W", "30"]);
        Assert.Contains("alarm of bed-1", await own.EndAsync(), StringComparison.Ordinal);
        await using var other = PeerProcess.Start("sh", ["-c", "\"$@\" || true", "sh", subscribe, .. Client("bed-1"), "-t", "ecg/v1/main/bed-2/alarms", "-C", "1", "-W", "2"]);
        Assert.DoesNotContain("alarm of bed-2", await other.EndAsync(), StringComparison.Ordinal);

        string[] Client(string user) => ["-h", "127.0.0.1", "-p", broker.PlainPort.ToString(CultureInfo.InvariantCulture), "-V", "5", "-u", user, "-P", broker.PasswordOf(user)];
    }
}
