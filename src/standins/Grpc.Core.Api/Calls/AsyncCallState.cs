namespace Grpc.Core;

/// <summary>
/// What the four kinds of call object share: how to ask the transport for headers, status and trailers, and how to end the call.
/// The delegates with a state object spare the transport a closure for each call.
/// </summary>
internal readonly struct AsyncCallState
{
    private readonly object _headers;
    private readonly object _status;
    private readonly object _trailers;
    private readonly object _dispose;
    private readonly object? _state;
    private readonly bool _withState;

    public AsyncCallState(Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers, Action dispose)
    {
        (_headers, _status, _trailers, _dispose) = (headers, status, trailers, dispose);
    }

    public AsyncCallState(
        Func<object, Task<Metadata>> headers, Func<object, Status> status, Func<object, Metadata> trailers, Action<object> dispose, object state)
    {
        (_headers, _status, _trailers, _dispose, _state, _withState) = (headers, status, trailers, dispose, state, true);
    }

    public Task<Metadata> ResponseHeadersAsync() =>
        _withState ? ((Func<object, Task<Metadata>>)_headers)(_state!) : (Task<Metadata>)_headers;

    public Status GetStatus() => _withState ? ((Func<object, Status>)_status)(_state!) : ((Func<Status>)_status)();

    public Metadata GetTrailers() => _withState ? ((Func<object, Metadata>)_trailers)(_state!) : ((Func<Metadata>)_trailers)();

    public void Dispose()
    {
        if (_withState)
        {
            ((Action<object>)_dispose)(_state!);
        }
        else
        {
            ((Action)_dispose)();
        }
    }
}
