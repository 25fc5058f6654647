namespace InfluxDB.Client.Api.Domain;

/// <summary>Unit of timestamps in a write.</summary>
public enum WritePrecision
{
    Ms = 1,
    S = 2,
    Us = 3,
    Ns = 4,
}
