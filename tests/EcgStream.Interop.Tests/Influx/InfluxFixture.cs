using EcgStream.Testing.Influx;
using InfluxDB.Client;

namespace EcgStream.Interop.Tests.Influx;

/// <summary>One server for the tests of a class; none where it is not installed.</summary>
public sealed class InfluxFixture : IAsyncLifetime
{
    public const string Database = "ecg";

    private InfluxServer? _server;

    /// <summary>The server; skips the test where there is none.</summary>
    public InfluxServer Server
    {
        get
        {
            Assert.SkipWhen(InfluxServer.Missing is not null, InfluxServer.Missing ?? "");
            return _server!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (InfluxServer.Missing is null)
        {
            _server = await InfluxServer.StartAsync(Database, CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    public InfluxDBClient Client(string bucket = Database) => new(new InfluxDBClientOptions(Server.Url) { Token = "user:secret", Org = "-", Bucket = bucket });
}
