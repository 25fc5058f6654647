using EcgStream.Daemon.Hosting;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>The rules between the MQTT settings.</summary>
internal sealed class MqttIngestOptionsValidator : IValidateOptions<MqttIngestOptions>
{
    public ValidateOptionsResult Validate(string? name, MqttIngestOptions options)
    {
        List<string> faults = [];
        if (!BindAddress.IsValid(options.BindAddress))
        {
            faults.Add($"{MqttIngestOptions.SectionName}:BindAddress is '{options.BindAddress}'; it must be localhost, * or an IP address.");
        }

        if (options.Broker.Length > 0 && !(Uri.TryCreate(options.Broker, UriKind.Absolute, out var broker) && broker.Scheme == "mqtt" && broker.Host.Length > 0))
        {
            faults.Add($"{MqttIngestOptions.SectionName}:Broker is '{options.Broker}'; it must be mqtt://host or mqtt://host:port.");
        }

        if (options.Broker.Length == 0 && options.UserName.Length > 0)
        {
            faults.Add($"{MqttIngestOptions.SectionName}:UserName is for an external broker, but {MqttIngestOptions.SectionName}:Broker names none.");
        }

        foreach (var filter in options.RefusedSubscriptions.Where(f => f.Length == 0 || f[..^1].Contains('#')))
        {
            faults.Add($"{MqttIngestOptions.SectionName}:RefusedSubscriptions has '{filter}'; it must be a topic filter.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
