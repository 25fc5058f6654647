namespace MQTTnet.Internal;

/// <summary>An event whose handlers are awaited one after the other, in the order in which they were added.</summary>
internal sealed class MqttAsyncEvent<TEventArgs>
{
    private readonly Lock _gate = new();
    private volatile Func<TEventArgs, Task>[] _handlers = [];

    public bool HasHandlers => _handlers.Length > 0;

    public void Add(Func<TEventArgs, Task>? handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        lock (_gate)
        {
            _handlers = [.. _handlers, handler];
        }
    }

    public void Remove(Func<TEventArgs, Task>? handler)
    {
        lock (_gate)
        {
            var index = Array.LastIndexOf(_handlers, handler);
            if (index >= 0)
            {
                _handlers = [.. _handlers[..index], .. _handlers[(index + 1)..]];
            }
        }
    }

    /// <summary>Failures of a handler, thrown or in its task, come back in the task.</summary>
    public Task InvokeAsync(TEventArgs args)
    {
        var handlers = _handlers;
        if (handlers.Length != 1)
        {
            return handlers.Length == 0 ? Task.CompletedTask : InvokeAllAsync(handlers, args);
        }

        try
        {
            return handlers[0](args) ?? Task.CompletedTask;
        }
        catch (Exception exception)
        {
            return Task.FromException(exception);
        }
    }

    private static async Task InvokeAllAsync(Func<TEventArgs, Task>[] handlers, TEventArgs args)
    {
        foreach (var handler in handlers)
        {
            await handler(args).ConfigureAwait(false);
        }
    }
}
