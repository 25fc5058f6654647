using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using InfluxDB.Client.Writes;

namespace InfluxDB.Client;

/// <summary>Where the server is and how it is talked to.</summary>
public partial class InfluxDBClientOptions
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);
    private string? _token;

    public InfluxDBClientOptions(string url)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        var address = new Uri(url, UriKind.Absolute);
        if (address.Query.Length > 0)
        {
            throw new NotSupportedException($"'{address.GetLeftPart(UriPartial.Path)}': settings in the address are not read here; set the properties");
        }

        Url = address.GetLeftPart(UriPartial.Path);
    }

    public string Url { get; }

    /// <summary>Time for one request; 10 s unless set.</summary>
    public TimeSpan Timeout { get; set; } = DefaultTimeout;

    /// <summary>Whether a token was set.</summary>
    public AuthenticationScheme AuthScheme { get; private set; }

    public string? Token
    {
        get => _token;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            _token = value;
            AuthScheme = AuthenticationScheme.Token;
        }
    }

    /// <summary>Organization of writes that name none.</summary>
    public string? Org { get; set; }

    /// <summary>Bucket of writes that name none.</summary>
    public string? Bucket { get; set; }

    public IWebProxy? WebProxy { get; set; }

    public bool AllowHttpRedirects { get; set; }

    /// <summary>False takes any certificate; for tests only.</summary>
    public bool VerifySsl { get; set; } = true;

    /// <summary>Decides on the server's certificate in place of <see cref="VerifySsl"/>.</summary>
    public RemoteCertificateValidationCallback? VerifySslCallback { get; set; }

    public X509CertificateCollection? ClientCertificates { get; set; }

    /// <summary>A client to use as it is; the settings of proxy, redirects and certificates are then its own.</summary>
    public HttpClient? HttpClient { get; set; }

    public PointSettings PointSettings { get; private set; } = new();

    public void AddDefaultTag(string tagName, string expression) => PointSettings.AddDefaultTag(tagName, expression);

    public void AddDefaultTags(Dictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        foreach (var (name, expression) in tags)
        {
            AddDefaultTag(name, expression);
        }
    }

    public enum AuthenticationScheme
    {
        Anonymous,
        Session,
        Token,
    }
}
