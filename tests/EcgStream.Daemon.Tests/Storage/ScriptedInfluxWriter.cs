using EcgStream.Daemon.Storage.Influx;

namespace EcgStream.Daemon.Tests.Storage;

/// <summary>A server that keeps what it takes and answers as told.</summary>
internal sealed class ScriptedInfluxWriter : IInfluxWriter
{
    private readonly Lock _gate = new();
    private readonly List<string> _taken = [];
    private int _requests;

    public string Destination => "http://test:8086 org bucket";

    /// <summary>Answer to the next requests; null = take the lines.</summary>
    public Func<List<string>, InfluxWriteOutcome?>? Answer { get; set; }

    public int Requests => Volatile.Read(ref _requests);

    public List<string> Taken
    {
        get
        {
            lock (_gate)
            {
                return [.. _taken.Where(line => !line.StartsWith("ecg_pipeline", StringComparison.Ordinal))];
            }
        }
    }

    public Task<InfluxWriteOutcome> WriteAsync(List<string> lines, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        if (Answer?.Invoke(lines) is { } outcome)
        {
            return Task.FromResult(outcome);
        }

        lock (_gate)
        {
            _taken.AddRange(lines);
        }

        return Task.FromResult(new InfluxWriteOutcome(InfluxWriteKind.Written));
    }
}
