using System.Security.Cryptography.X509Certificates;

namespace MQTTnet.Certificates;

public sealed class X509CertificateProvider : ICertificateProvider
{
    private readonly X509Certificate2 _certificate;

    public X509CertificateProvider(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        _certificate = certificate;
    }

    public X509Certificate2 GetCertificate() => _certificate;
}
