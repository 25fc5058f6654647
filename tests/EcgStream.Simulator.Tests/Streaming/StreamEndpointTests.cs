using EcgStream.Client.Streaming;

namespace EcgStream.Simulator.Tests.Streaming;

public sealed class StreamEndpointTests
{
    [Theory]
    [InlineData("grpc://localhost:5001", StreamTransport.Grpc, "localhost", 5001)]
    [InlineData("grpc://host", StreamTransport.Grpc, "host", 50051)]
    [InlineData("mqtt://10.0.0.7:1884/", StreamTransport.Mqtt, "10.0.0.7", 1884)]
    [InlineData("mqtt://broker", StreamTransport.Mqtt, "broker", 1883)]
    public void TryParse_Address_IsRead(string text, StreamTransport transport, string host, int port)
    {
        Assert.True(StreamEndpoint.TryParse(text, out var endpoint, out _));
        Assert.Equal(new StreamEndpoint(transport, host, port), endpoint);
    }

    [Theory]
    [InlineData("localhost:5001")]
    [InlineData("http://localhost:5001")]
    [InlineData("grpc://localhost:5001/path")]
    [InlineData("grpc://user@localhost")]
    [InlineData("")]
    public void TryParse_SomethingElse_SaysWhatIsWrong(string text)
    {
        Assert.False(StreamEndpoint.TryParse(text, out _, out var problem));
        Assert.Contains($"'{text}'", problem, StringComparison.Ordinal);
    }
}
