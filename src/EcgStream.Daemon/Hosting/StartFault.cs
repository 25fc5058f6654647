using System.Net.Sockets;
using EcgStream.Daemon.Ingest.Grpc;
using EcgStream.Daemon.Ingest.Mqtt;
using EcgStream.Daemon.Journal;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Hosting;

/// <summary>Faults that a wrong set-up causes, in a line each for the person who can mend it. Anything else is a defect and keeps its stack trace.</summary>
internal static class StartFault
{
    /// <param name="fault">What stopped the start.</param>
    /// <param name="settings">The settings it started with, to name keys and values; null where they are not known.</param>
    /// <returns>The lines, or null where this is a defect.</returns>
    public static IReadOnlyList<string>? Explain(Exception fault, IConfiguration? settings = null) =>
        Lines(fault, settings)?.Select(line => line.ReplaceLineEndings(" ")).Distinct(StringComparer.Ordinal).ToArray();

    private static IEnumerable<string>? Lines(Exception fault, IConfiguration? settings) => fault switch
    {
        OptionsValidationException options => options.Failures.Select(failure => $"setting refused: {SettingFault.Describe(failure, options.OptionsType, settings)}"),
        ModelLoadException models => models.Errors.Select(error => $"model refused: {error}"),
        InferenceDeviceException => [$"setting refused: {fault.Message}"],
        JournalException or UnauthorizedAccessException => [fault.Message],
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } or AddressInUseException => [$"a port is in use: {fault.Message}"],
        IOException { InnerException: AddressInUseException } => [PortKey(fault.Message, settings) + fault.Message],
        IOException => [fault.Message],
        DllNotFoundException => [$"a library of this release cannot be loaded, install the release again: {fault.Message.Split('\n')[0]}"],
        TypeInitializationException { InnerException: DllNotFoundException inner } => Lines(inner, settings),
        AggregateException many when many.InnerExceptions.All(inner => Lines(inner, settings) is not null) =>
            many.InnerExceptions.SelectMany(inner => Lines(inner, settings)!),
        InvalidOperationException when SettingFault.DescribeConversion(fault) is { } line => [$"setting refused: {line}"],
        InvalidOperationException { InnerException: { } inner } => Lines(inner, settings),
        _ => null,
    };

    /// <summary>The key of the port that Kestrel could not bind, which names its address only.</summary>
    private static string PortKey(string message, IConfiguration? settings)
    {
        string[] sections = [GrpcIngestOptions.SectionName, HttpOptions.SectionName, MqttIngestOptions.SectionName];
        var section = sections.FirstOrDefault(name => settings?[$"{name}:Port"] is { Length: > 0 } port && message.Contains($":{port}:", StringComparison.Ordinal));
        return section is null ? "" : $"{section}:Port: ";
    }
}
