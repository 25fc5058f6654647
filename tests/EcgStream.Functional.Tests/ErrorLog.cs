using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EcgStream.Functional.Tests;

/// <summary>Keeps error lines, so that a test can say that there were none.</summary>
internal sealed class ErrorLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
