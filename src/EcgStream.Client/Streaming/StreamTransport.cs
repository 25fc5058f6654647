namespace EcgStream.Client.Streaming;

public enum StreamTransport
{
    Grpc,
    Mqtt,
}
