using System.Net.Sockets;
using EcgStream.Daemon.Journal;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Hosting;

/// <summary>Faults that a wrong set-up causes, in a line each for the person who can mend it. Anything else is a defect and keeps its stack trace.</summary>
internal static class StartFault
{
    public static IReadOnlyList<string>? Explain(Exception fault) => fault switch
    {
        OptionsValidationException options => [.. options.Failures.Select(failure => $"setting refused: {failure}")],
        JournalException or UnauthorizedAccessException => [fault.Message],
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => [$"a port is in use: {fault.Message}"],
        IOException when fault.InnerException is not null && Explain(fault.InnerException) is not null => [fault.Message],
        IOException => [fault.Message],
        AggregateException many when many.InnerExceptions.All(inner => Explain(inner) is not null) =>
            [.. many.InnerExceptions.SelectMany(inner => Explain(inner)!)],
        { InnerException: { } inner } when fault is InvalidOperationException => Explain(inner),
        _ => null,
    };
}
