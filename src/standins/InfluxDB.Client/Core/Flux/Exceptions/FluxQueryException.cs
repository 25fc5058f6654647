using InfluxDB.Client.Core.Exceptions;

namespace InfluxDB.Client.Core.Flux.Exceptions;

/// <summary>The server began to answer and then failed: its message, and its reference number.</summary>
public class FluxQueryException(string message, int reference) : InfluxException(message, reference);
