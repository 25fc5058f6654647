using InfluxDB.Client.Core.Exceptions;

namespace InfluxDB.Client.Core.Flux.Exceptions;

/// <summary>The answer is not annotated CSV.</summary>
public class FluxCsvParserException(string message) : InfluxException(message, 0);
