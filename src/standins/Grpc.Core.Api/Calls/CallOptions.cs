namespace Grpc.Core;

/// <summary>Options of one call. A value: each <c>With</c> gives a changed copy.</summary>
public struct CallOptions
{
    public CallOptions(
        Metadata? headers = null,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default,
        WriteOptions? writeOptions = null,
        ContextPropagationToken? propagationToken = null,
        CallCredentials? credentials = null)
    {
        Headers = headers;
        Deadline = deadline;
        CancellationToken = cancellationToken;
        WriteOptions = writeOptions;
        PropagationToken = propagationToken;
        Credentials = credentials;
    }

    public Metadata? Headers { get; private set; }

    /// <summary>UTC instant after which the call ends with <see cref="StatusCode.DeadlineExceeded"/>.</summary>
    public DateTime? Deadline { get; private set; }

    public CancellationToken CancellationToken { get; private set; }

    public WriteOptions? WriteOptions { get; private set; }

    public ContextPropagationToken? PropagationToken { get; private set; }

    public CallCredentials? Credentials { get; private set; }

    /// <summary>Whether the call waits for a connection rather than failing at once without one.</summary>
    public bool IsWaitForReady { get; private set; }

    public readonly CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    public readonly CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    public readonly CallOptions WithCancellationToken(CancellationToken cancellationToken) =>
        this with { CancellationToken = cancellationToken };

    public readonly CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };

    public readonly CallOptions WithPropagationToken(ContextPropagationToken propagationToken) =>
        this with { PropagationToken = propagationToken };

    public readonly CallOptions WithCredentials(CallCredentials credentials) => this with { Credentials = credentials };

    public readonly CallOptions WithWaitForReady(bool waitForReady = true) => this with { IsWaitForReady = waitForReady };
}
