using EcgStream.Daemon.Ingest.Mqtt;

namespace EcgStream.Daemon.Tests.Ingest;

public sealed class MqttSourcesTests
{
    [Fact]
    public void Disconnected_LastConnection_ClosesTheSource()
    {
        var sources = new MqttSources();
        sources.Connected("one");
        var source = sources.Of("one");
        Assert.Same(source, sources.Of("one"));
        sources.Disconnected("one");
        Assert.True(source.Closed);
    }

    [Fact]
    public void Disconnected_TellsOfAnOldConnectionLate_TheNewOneKeepsItsSource()
    {
        var sources = new MqttSources();
        sources.Connected("one");
        sources.Connected("one");
        var source = sources.Of("one");
        sources.Disconnected("one");
        Assert.False(source.Closed);
        Assert.Same(source, sources.Of("one"));
    }

    [Fact]
    public void Of_ClientWithoutConnection_HoldsNoSession()
    {
        var sources = new MqttSources();
        Assert.True(sources.Of("will").Closed);
        sources.Disconnected("will");
    }
}
