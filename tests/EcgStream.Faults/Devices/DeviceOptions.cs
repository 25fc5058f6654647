using System.Globalization;

namespace EcgStream.Faults.Devices;

/// <summary>Arguments of the process that plays the devices.</summary>
/// <param name="Seed">Of the patients.</param>
/// <param name="Devices">How many; odd ones use MQTT where it is there.</param>
/// <param name="SessionSeconds">A device begins a new session after so long.</param>
/// <param name="Host">The daemon's address.</param>
/// <param name="GrpcPort">0 = no device uses gRPC.</param>
/// <param name="MqttPort">0 = no device uses MQTT.</param>
internal sealed record DeviceOptions(int Seed, int Devices, int SessionSeconds, string Host, int GrpcPort, int MqttPort)
{
    public const string Verb = "devices";

    public string[] ToArguments() => [Verb, Text(Seed), Text(Devices), Text(SessionSeconds), Host, Text(GrpcPort), Text(MqttPort)];

    public static DeviceOptions Parse(string[] args) => new(Number(args[1]), Number(args[2]), Number(args[3]), args[4], Number(args[5]), Number(args[6]));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
