using Grpc.Core.Interceptors;

namespace Grpc.Core;

/// <summary>What generated clients build on.</summary>
public abstract class ClientBase
{
    protected ClientBase()
        : this(new UnimplementedCallInvoker())
    {
    }

    protected ClientBase(ClientBaseConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Configuration = configuration;
        CallInvoker = configuration.CreateCallInvoker();
    }

    public ClientBase(ChannelBase channel)
        : this(channel.CreateCallInvoker())
    {
    }

    public ClientBase(CallInvoker callInvoker)
        : this(new ClientBaseConfiguration(callInvoker, null))
    {
    }

    protected CallInvoker CallInvoker { get; }

    internal ClientBaseConfiguration Configuration { get; }

    /// <summary>Opaque to generated code: the invoker, and the host that calls name.</summary>
    protected internal class ClientBaseConfiguration
    {
        private readonly CallInvoker _invoker;
        private readonly string? _host;

        internal ClientBaseConfiguration(CallInvoker invoker, string? host)
        {
            ArgumentNullException.ThrowIfNull(invoker);
            _invoker = invoker;
            _host = host;
        }

        internal CallInvoker CreateCallInvoker() => _host is null ? _invoker : _invoker.Intercept(new HostInterceptor(_host));

        internal ClientBaseConfiguration WithHost(string host)
        {
            ArgumentNullException.ThrowIfNull(host);
            return new ClientBaseConfiguration(_invoker, host);
        }
    }
}
