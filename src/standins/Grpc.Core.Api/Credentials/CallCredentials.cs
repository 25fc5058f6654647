namespace Grpc.Core;

/// <summary>What authenticates single calls, over a channel that is secure already.</summary>
public abstract class CallCredentials
{
    public static CallCredentials Compose(params CallCredentials[] credentials) => new CompositeCallCredentials(credentials);

    public static CallCredentials FromInterceptor(AsyncAuthInterceptor interceptor) => new InterceptorCallCredentials(interceptor);

    /// <summary>The transport asks through this what the credentials are; not for users.</summary>
    public abstract void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object? state);

    private sealed class CompositeCallCredentials : CallCredentials
    {
        private readonly CallCredentials[] _credentials;

        public CompositeCallCredentials(CallCredentials[] credentials)
        {
            ArgumentNullException.ThrowIfNull(credentials);
            if (credentials.Length < 2)
            {
                throw new ArgumentException("Composite credentials need two or more parts", nameof(credentials));
            }

            _credentials = [.. credentials];
        }

        public override void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object? state) =>
            configurator.SetCompositeCredentials(state, _credentials);
    }

    private sealed class InterceptorCallCredentials : CallCredentials
    {
        private readonly AsyncAuthInterceptor _interceptor;

        public InterceptorCallCredentials(AsyncAuthInterceptor interceptor)
        {
            ArgumentNullException.ThrowIfNull(interceptor);
            _interceptor = interceptor;
        }

        public override void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object? state) =>
            configurator.SetAsyncAuthInterceptorCredentials(state, _interceptor);
    }
}
