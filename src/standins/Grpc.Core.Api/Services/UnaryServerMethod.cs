namespace Grpc.Core;

/// <summary>A server's method with one message each way.</summary>
public delegate Task<TResponse> UnaryServerMethod<TRequest, TResponse>(
    TRequest request, ServerCallContext context)
    where TRequest : class
    where TResponse : class;
