namespace Grpc.Core;

/// <summary>Says whether the peer's certificate is to be trusted; may be called from several threads.</summary>
public delegate bool VerifyPeerCallback(VerifyPeerContext context);
