using System.Reflection;
using EcgStream.Core.Alarms;
using EcgStream.Daemon.Storage;
using EcgStream.Inference;
using Microsoft.Extensions.Logging;

namespace EcgStream.Daemon.Tests.Telemetry;

/// <summary>Somebody who searches a log for an event id finds one event.</summary>
public sealed class LogEventTests
{
    private static readonly (string Where, LoggerMessageAttribute Event)[] Events =
    [
        .. new[] { typeof(StorageOptions).Assembly, typeof(InferenceOptions).Assembly, typeof(AlarmOptions).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Select(method => ($"{method.DeclaringType!.Name}.{method.Name}", method.GetCustomAttribute<LoggerMessageAttribute>()!))
            .Where(found => found.Item2 is not null),
    ];

    [Fact]
    public void EventIds_OfAllLogMessages_AreUniqueAndSet()
    {
        Assert.True(Events.Length > 50, $"{Events.Length} log messages found");
        Assert.DoesNotContain(Events, found => found.Event.EventId <= 0);
        Assert.Empty(Events.GroupBy(found => found.Event.EventId).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(found => found.Where))}"));
    }

    [Fact]
    public void EventIds_OfOneClass_LieInOneBlockOfAHundred()
    {
        var blocks = Events.GroupBy(found => found.Where.Split('.')[0]).Select(type => (type.Key, Blocks: type.Select(found => found.Event.EventId / 100).Distinct().ToArray()));
        Assert.Empty(blocks.Where(type => type.Blocks.Length > 1).Select(type => $"{type.Key}: {string.Join(", ", type.Blocks)}"));
    }

    [Fact]
    public void Messages_OfAllLogMessages_NameNoDeviceOrPatient() =>
        Assert.DoesNotContain(Events, found => found.Event.Message.Contains("{Patient", StringComparison.OrdinalIgnoreCase)
            || (found.Event.Message.Contains("{DeviceId}", StringComparison.Ordinal) && !found.Event.Message.Contains("GPU {DeviceId}", StringComparison.Ordinal)));
}
