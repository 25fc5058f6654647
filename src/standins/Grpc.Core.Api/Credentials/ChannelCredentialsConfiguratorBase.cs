namespace Grpc.Core;

/// <summary>The transport's side of <see cref="ChannelCredentials.InternalPopulateConfiguration"/>.</summary>
public abstract class ChannelCredentialsConfiguratorBase
{
    public abstract void SetInsecureCredentials(object state);

    public abstract void SetSslCredentials(
        object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback);

    public abstract void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials);
}
