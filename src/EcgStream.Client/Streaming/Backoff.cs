namespace EcgStream.Client.Streaming;

/// <summary>
/// Pauses between attempts: each twice the last up to a maximum, shortened at random by up to a half so that devices do not come back
/// all at once. By hand: Polly counts the failures of one operation, and here a connection that worked for a while begins the count anew.
/// </summary>
internal sealed class Backoff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _max;
    private TimeSpan _next;

    public Backoff(TimeSpan first, TimeSpan max)
    {
        _first = first;
        _max = max;
        _next = first;
    }

    public TimeSpan Next()
    {
        var pause = _next * (1 - (Random.Shared.NextDouble() / 2));
        _next = _next * 2 < _max ? _next * 2 : _max;
        return pause;
    }

    public void Reset() => _next = _first;
}
