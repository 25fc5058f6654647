using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using InfluxDB.Client.Writes;

namespace InfluxDB.Client;

public partial class InfluxDBClientOptions
{
    /// <summary>The same options by calls in a row.</summary>
    public sealed class Builder
    {
        private readonly List<Action<InfluxDBClientOptions>> _settings = [];
        private readonly PointSettings _points = new();
        private string? _url;

        public static Builder CreateNew() => new();

        public Builder Url(string url)
        {
            ArgumentException.ThrowIfNullOrEmpty(url);
            _url = url;
            return this;
        }

        public Builder TimeOut(TimeSpan timeout) => Set(options => options.Timeout = timeout > TimeSpan.Zero ? timeout : DefaultTimeout);

        public Builder AuthenticateToken(char[] token) => AuthenticateToken(new string(token));

        public Builder AuthenticateToken(string token)
        {
            ArgumentException.ThrowIfNullOrEmpty(token);
            return Set(options => options.Token = token);
        }

        public Builder Org(string org) => Set(options => options.Org = org);

        public Builder Bucket(string bucket) => Set(options => options.Bucket = bucket);

        public Builder AddDefaultTag(string tagName, string expression)
        {
            _points.AddDefaultTag(tagName, expression);
            return this;
        }

        public Builder Proxy(IWebProxy webProxy) => Set(options => options.WebProxy = webProxy);

        public Builder AllowRedirects(bool allowHttpRedirects) => Set(options => options.AllowHttpRedirects = allowHttpRedirects);

        public Builder VerifySsl(bool verifySsl) => Set(options => options.VerifySsl = verifySsl);

        public Builder RemoteCertificateValidationCallback(RemoteCertificateValidationCallback callback) =>
            Set(options => options.VerifySslCallback = callback);

        public Builder ClientCertificates(X509CertificateCollection clientCertificates) => Set(options => options.ClientCertificates = clientCertificates);

        /// <exception cref="InvalidOperationException">There is no address.</exception>
        public InfluxDBClientOptions Build()
        {
            var options = new InfluxDBClientOptions(_url ?? throw new InvalidOperationException("The url to connect the InfluxDB has to be defined."))
            {
                PointSettings = _points,
            };
            _settings.ForEach(apply => apply(options));
            return options;
        }

        private Builder Set(Action<InfluxDBClientOptions> apply)
        {
            _settings.Add(apply);
            return this;
        }
    }
}
