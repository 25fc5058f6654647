namespace Grpc.Core;

/// <summary>Messages to the peer. One write at a time: the next one only after the task of the last is done.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Options of the writes from now on; null = the call's own.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Done when flow control has taken the message.</summary>
    Task WriteAsync(T message);

    Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        // A writer that knows no cancellation must not pretend to.
        if (cancellationToken.CanBeCanceled)
        {
            throw new NotSupportedException("Cancellation of stream writes is not supported by this gRPC implementation.");
        }

        return WriteAsync(message);
    }
}
