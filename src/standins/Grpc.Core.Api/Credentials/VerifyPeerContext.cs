namespace Grpc.Core;

/// <summary>What is known of the peer whose certificate is checked.</summary>
public class VerifyPeerContext
{
    internal VerifyPeerContext(string targetName, string peerPem)
    {
        TargetName = targetName;
        PeerPem = peerPem;
    }

    public string TargetName { get; }

    public string PeerPem { get; }
}
