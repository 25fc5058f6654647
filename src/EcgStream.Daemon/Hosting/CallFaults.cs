using Grpc.Core;
using Grpc.Core.Interceptors;

namespace EcgStream.Daemon.Hosting;

/// <summary>
/// Ends of calls that say what to do. A fault that nobody expected is INTERNAL with the method and where to look, never a stack trace; what passes by itself
/// (UNAVAILABLE, RESOURCE_EXHAUSTED, ABORTED) carries the trailer <c>grpc-retry-pushback-ms</c>, which gRPC's own retries obey.
/// </summary>
internal sealed partial class CallFaults(ILogger<CallFaults> log, IHostApplicationLifetime lifetime, TimeProvider clock) : Interceptor
{
    private const string RetryAfter = "grpc-retry-pushback-ms";
    private const string RetryAfterMs = "1000";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception fault)
        {
            throw Explain(fault, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception fault)
        {
            throw Explain(fault, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception fault)
        {
            throw Explain(fault, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception fault)
        {
            throw Explain(fault, context);
        }
    }

    private RpcException Explain(Exception fault, ServerCallContext context)
    {
        var explained = fault switch
        {
            RpcException known => known,
            OperationCanceledException when lifetime.ApplicationStopping.IsCancellationRequested =>
                new RpcException(new Status(StatusCode.Unavailable, "The daemon is stopping; connect again.")),
            _ when context.CancellationToken.IsCancellationRequested => IsPast(context.Deadline)
                ? new RpcException(new Status(StatusCode.DeadlineExceeded, "The deadline that the client set has passed; a subscription needs none."))
                : new RpcException(new Status(StatusCode.Cancelled, "The client ended the call.")),
            _ => Unexpected(fault, context),
        };
        if (explained.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.Aborted
            && context.ResponseTrailers.All(trailer => trailer.Key != RetryAfter))
        {
            context.ResponseTrailers.Add(RetryAfter, RetryAfterMs);
        }

        return explained;
    }

    private bool IsPast(DateTime deadline) => deadline <= clock.GetUtcNow().UtcDateTime;

    private RpcException Unexpected(Exception fault, ServerCallContext context)
    {
        CallFailed(log, context.Method, fault);
        return new RpcException(new Status(
            StatusCode.Internal, $"The daemon failed in {context.Method}; its log has the reason. Trying again is safe: chunks are known by their sequence."));
    }

    [LoggerMessage(3300, LogLevel.Error, "gRPC: {Method} failed")]
    private static partial void CallFailed(ILogger log, string method, Exception fault);
}
