namespace Grpc.Core;

/// <summary>TLS on the client's side, with roots and a client certificate of one's own where given.</summary>
public sealed class SslCredentials : ChannelCredentials
{
    private readonly VerifyPeerCallback? _verifyPeer;

    public SslCredentials()
        : this(null, null, null)
    {
    }

    public SslCredentials(string rootCertificates)
        : this(rootCertificates, null, null)
    {
    }

    public SslCredentials(string rootCertificates, KeyCertificatePair keyCertificatePair)
        : this(rootCertificates, keyCertificatePair, null)
    {
    }

    public SslCredentials(string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback)
    {
        RootCertificates = rootCertificates;
        KeyCertificatePair = keyCertificatePair;
        _verifyPeer = verifyPeerCallback;
    }

    /// <summary>PEM.</summary>
    public string? RootCertificates { get; }

    public KeyCertificatePair? KeyCertificatePair { get; }

    internal override bool IsComposable => true;

    public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state) =>
        configurator.SetSslCredentials(state, RootCertificates, KeyCertificatePair, _verifyPeer);
}
