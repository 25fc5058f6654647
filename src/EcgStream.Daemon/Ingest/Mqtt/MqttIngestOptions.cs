using System.ComponentModel.DataAnnotations;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>MQTT in: an embedded broker unless <see cref="Broker"/> names an external one.</summary>
public sealed class MqttIngestOptions
{
    public const string SectionName = "Ingest:Mqtt";

    /// <summary>False switches MQTT off altogether.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>External broker as <c>mqtt://host:port</c>; empty = the embedded one.</summary>
    public string Broker { get; set; } = "";

    /// <summary>User name at the external broker; empty = none.</summary>
    public string UserName { get; set; } = "";

    /// <summary>Password at the external broker.</summary>
    public string Password { get; set; } = "";

    /// <summary>Client id at the external broker. Two daemons at one broker need two.</summary>
    [Required(AllowEmptyStrings = false)]
    [StringLength(64)]
    public string ClientId { get; set; } = "ecgstreamd";

    /// <summary>Address that the embedded broker listens on: <c>localhost</c>, an IP address, or <c>*</c> for every interface.</summary>
    [Required(AllowEmptyStrings = false)]
    public string BindAddress { get; set; } = "localhost";

    /// <summary>Port of the embedded broker.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 1883;

    /// <summary>Site segment under which refusals and alarms are published.</summary>
    [RegularExpression("^[A-Za-z0-9._-]{1,64}$")]
    public string Site { get; set; } = "main";
}
