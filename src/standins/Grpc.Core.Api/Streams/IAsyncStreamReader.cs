namespace Grpc.Core;

/// <summary>Messages from the peer, one at a time; one reader only.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that <see cref="MoveNext"/> came to.</summary>
    T Current { get; }

    /// <returns>False when the peer has ended the stream.</returns>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}
