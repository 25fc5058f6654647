namespace Grpc.Core;

/// <summary>Where a channel stands.</summary>
public enum ConnectivityState
{
    Idle,
    Connecting,
    Ready,
    TransientFailure,
    Shutdown,
}
