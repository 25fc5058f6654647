using System.ComponentModel.DataAnnotations;

namespace EcgStream.Daemon.Hosting;

/// <summary>The HTTP/1.1 endpoint: <c>/health/live</c> and <c>/health/ready</c>.</summary>
public sealed class HttpOptions
{
    public const string SectionName = "Http";

    /// <summary>Address to listen on: <c>localhost</c>, an IP address, or <c>*</c> for every interface.</summary>
    [Required(AllowEmptyStrings = false)]
    public string BindAddress { get; set; } = "localhost";

    /// <summary>0 takes a free port, which needs an IP address as <see cref="BindAddress"/>.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 8080;
}
