namespace Grpc.Core.Interceptors;

public static class CallInvokerExtensions
{
    /// <returns>An invoker whose calls pass through the interceptor first.</returns>
    public static CallInvoker Intercept(this CallInvoker invoker, Interceptor interceptor) => new InterceptingCallInvoker(invoker, interceptor);

    /// <returns>An invoker whose calls pass through the interceptors in the order given.</returns>
    public static CallInvoker Intercept(this CallInvoker invoker, params Interceptor[] interceptors)
    {
        ArgumentNullException.ThrowIfNull(invoker);
        ArgumentNullException.ThrowIfNull(interceptors);
        for (var index = interceptors.Length - 1; index >= 0; index--)
        {
            invoker = invoker.Intercept(interceptors[index]);
        }

        return invoker;
    }

    /// <returns>An invoker that passes the headers of each call through a function.</returns>
    public static CallInvoker Intercept(this CallInvoker invoker, Func<Metadata, Metadata> interceptor)
    {
        ArgumentNullException.ThrowIfNull(interceptor);
        return invoker.Intercept(new MetadataInterceptor(interceptor));
    }
}
