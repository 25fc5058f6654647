namespace Grpc.Core;

/// <summary>Adds what authenticates a call (a token, say) to its headers.</summary>
public delegate Task AsyncAuthInterceptor(AuthInterceptorContext context, Metadata metadata);
