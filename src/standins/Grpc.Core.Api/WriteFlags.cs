namespace Grpc.Core;

[Flags]
public enum WriteFlags
{
    /// <summary>The message may wait in a buffer for the next one.</summary>
    BufferHint = 1,

    /// <summary>This message is sent as it is, whatever the call's compression.</summary>
    NoCompress = 2,
}
