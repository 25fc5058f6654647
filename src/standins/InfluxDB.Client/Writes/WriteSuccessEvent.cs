using InfluxDB.Client.Api.Domain;

namespace InfluxDB.Client.Writes;

public class WriteSuccessEvent(string organization, string bucket, WritePrecision precision, string lineProtocol)
    : AbstractWriteEvent(organization, bucket, precision, lineProtocol);
