using System.Security.Cryptography.X509Certificates;

namespace MQTTnet.Certificates;

/// <summary>A PKCS#12 file as bytes.</summary>
public sealed class BlobCertificateProvider : ICertificateProvider
{
    public BlobCertificateProvider(byte[] blob)
    {
        ArgumentNullException.ThrowIfNull(blob);
        Blob = blob;
    }

    public byte[] Blob { get; }

    public string? Password { get; set; }

    public X509Certificate2 GetCertificate() => X509CertificateLoader.LoadPkcs12(Blob, Password);
}
