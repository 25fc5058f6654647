using System.Security.Cryptography.X509Certificates;

namespace MQTTnet.Certificates;

/// <summary>Asked for the server's certificate at every TLS handshake, so that a renewed one is taken up without a restart.</summary>
public interface ICertificateProvider
{
    X509Certificate2 GetCertificate();
}
