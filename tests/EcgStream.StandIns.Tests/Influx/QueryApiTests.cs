using InfluxDB.Client;
using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Core.Exceptions;
using InfluxDB.Client.Core.Flux.Domain;
using InfluxDB.Client.Core.Flux.Exceptions;

namespace EcgStream.StandIns.Tests.Influx;

/// <summary>Flux answers: tables, types, defaults, failures before and within the answer.</summary>
public sealed class QueryApiTests
{
    private const string TwoTables =
        "#datatype,string,long,dateTime:RFC3339Nano,double,string,string,unsignedLong,boolean,base64Binary,duration\r\n"
        + "#group,false,false,false,false,true,true,false,false,false,false\r\n#default,_result,,,,,none,,,,\r\n"
        + ",result,table,_time,_value,_field,site,count,ok,raw,every\r\n"
        + ",,0,2026-03-01T08:00:00.123456789Z,61.5,rate,\"ward \"\"3\"\", bed 1\",18446744073709551615,true,AQID,1h\r\n"
        + ",,0,2026-03-01T08:00:01Z,,rate,,0,false,,\r\n,,1,2026-03-01T08:00:02Z,+Inf,rate,x,1,true,,\r\n\r\n"
        + "#datatype,string,long,string\r\n#group,false,false,true\r\n#default,_result,,\r\n,result,table,name\r\n,,2,\"two\nlines\"\r\n";

    [Fact]
    public async Task QueryAsync_Answer_IsTablesWithTypedRecords()
    {
        await using var server = (await ScriptedInflux.StartAsync()).Answer(200, TwoTables);
        using var client = Client(server);

        var tables = await client.GetQueryApi().QueryAsync("from(bucket:\"ecg\")");

        Assert.Equal([2, 1, 1], tables.Select(t => t.Records.Count));
        var record = tables[0].Records[0];
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero).AddTicks(1_234_567), record.GetTime());
        Assert.Equal((61.5, "rate", ulong.MaxValue, true, "1h"), (record.GetValue(), record.GetField(), record.GetValueByKey("count"), record.GetValueByKey("ok"), record.GetValueByKey("every")));
        Assert.Equal([1, 2, 3], (byte[])record.GetValueByKey("raw")!);
        Assert.Equal("ward \"3\", bed 1", record.GetValueByKey("site"));
        Assert.Equal(("none", null, "_result"), (tables[0].Records[1].GetValueByKey("site"), tables[0].Records[1].GetValue(), tables[0].Records[1].GetValueByIndex(0)));
        Assert.Equal(double.PositiveInfinity, tables[1].Records[0].GetValue());
        Assert.Equal("two\nlines", tables[2].Records[0].GetValueByKey("name"));
        Assert.Equal([0, 0, 1, 2], tables.SelectMany(t => t.Records).Select(r => r.Table));
        Assert.Equal(["_field", "site"], tables[0].GetGroupKey().Select(c => c.Label));
        var (path, body) = Assert.Single(server.Requests);
        Assert.Equal("/api/v2/query?org=ward", path);
        Assert.Contains("\"annotations\":[\"datatype\",\"group\",\"default\"]", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueryAsync_RecordByRecord_GivesEachAndTheEnd()
    {
        await using var server = (await ScriptedInflux.StartAsync()).Answer(200, TwoTables);
        using var client = Client(server);
        var (records, ended) = (new List<FluxRecord>(), 0);
        await client.GetQueryApi().QueryAsync("q", records.Add, onComplete: () => ended++);
        Assert.Equal((4, 1), (records.Count, ended));
    }

    [Fact]
    public async Task QueryAsync_FailureWithinTheAnswer_IsToldWithItsReference()
    {
        await using var server = (await ScriptedInflux.StartAsync()).Answer(200, TwoTables + "\r\n#datatype,string,string\r\n#group,true,true\r\n#default,,\r\n,error,reference\r\n,\"read: canceled\",897\r\n");
        using var client = Client(server);
        var fault = await Assert.ThrowsAsync<FluxQueryException>(() => client.GetQueryApi().QueryAsync("q"));
        Assert.Equal(("read: canceled", 897), (fault.Message, fault.Code));
    }

    [Theory]
    [InlineData("a,b\n1,2\n")]
    [InlineData("#datatype,string\n,a,b\n")]
    [InlineData("#datatype,string,long\n#group,false,false\n#default,,\n,result,n\n,,x\n")]
    [InlineData("#datatype,string,long\n#group,false,false\n#default,,\n,result,n\n,\"open\n")]
    [InlineData("#datatype,string,long\n#group,false,false\n#default,,\n,result,n\n,,1,2\n")]
    public async Task QueryAsync_NoAnnotatedCsv_IsToldAsSuch(string answer)
    {
        await using var server = (await ScriptedInflux.StartAsync()).Answer(200, answer);
        using var client = Client(server);
        await Assert.ThrowsAsync<FluxCsvParserException>(() => client.GetQueryApi().QueryAsync("q"));
    }

    [Fact]
    public async Task QueryAsync_QueryRefused_IsTheExceptionOfTheStatus()
    {
        await using var server = (await ScriptedInflux.StartAsync()).Answer(400, "{\"message\":\"compilation failed\"}").Answer(429, "{}", "3");
        using var client = Client(server);
        Assert.Equal("compilation failed", (await Assert.ThrowsAsync<BadRequestException>(() => client.GetQueryApi().QueryRawAsync("q"))).Message);
        Exception? told = null;
        await client.GetQueryApi().QueryAsync("q", _ => { }, fault => told = fault);
        Assert.Equal(3, Assert.IsType<TooManyRequestsException>(told).RetryAfter);
    }

    [Fact]
    public async Task ReadyAsync_Answer_IsReadAndNoneIsNull()
    {
        await using var server = (await ScriptedInflux.StartAsync()).Answer(200, "{\"status\":\"ready\",\"started\":\"2026-03-01T08:00:00Z\",\"up\":\"1h2m\"}").Answer(500);
        using var client = Client(server);
        var ready = await client.ReadyAsync();
        Assert.Equal((Ready.StatusEnum.Ready, "1h2m"), (ready!.Status, ready.Up));
        Assert.Null(await client.ReadyAsync());
    }

    private static InfluxDBClient Client(ScriptedInflux server) => new(new InfluxDBClientOptions(server.Url) { Token = "secret", Org = "ward", Bucket = "ecg" });
}
