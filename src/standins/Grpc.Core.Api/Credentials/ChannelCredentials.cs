namespace Grpc.Core;

/// <summary>How a channel is secured.</summary>
public abstract class ChannelCredentials
{
    /// <summary>Plain HTTP/2.</summary>
    public static ChannelCredentials Insecure { get; } = new InsecureCredentials();

    /// <summary>TLS with the system's trusted roots.</summary>
    public static ChannelCredentials SecureSsl { get; } = new SslCredentials();

    internal virtual bool IsComposable => false;

    /// <summary>A secured channel whose every call carries the call credentials too.</summary>
    public static ChannelCredentials Create(ChannelCredentials channelCredentials, CallCredentials callCredentials) =>
        new CompositeCredentials(channelCredentials, callCredentials);

    /// <summary>The transport asks through this what the credentials are; not for users.</summary>
    public abstract void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state);

    private sealed class InsecureCredentials : ChannelCredentials
    {
        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state) =>
            configurator.SetInsecureCredentials(state);
    }

    private sealed class CompositeCredentials : ChannelCredentials
    {
        private readonly ChannelCredentials _channel;
        private readonly CallCredentials _call;

        public CompositeCredentials(ChannelCredentials channel, CallCredentials call)
        {
            ArgumentNullException.ThrowIfNull(channel);
            ArgumentNullException.ThrowIfNull(call);
            if (!channel.IsComposable)
            {
                throw new ArgumentException($"Call credentials cannot be composed with {channel.GetType().Name}", nameof(channel));
            }

            _channel = channel;
            _call = call;
        }

        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state) =>
            configurator.SetCompositeCredentials(state, _channel, _call);
    }
}
