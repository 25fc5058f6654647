namespace InfluxDB.Client.Writes;

/// <summary>What became of a batch of the background writer.</summary>
public abstract class InfluxDBEventArgs : EventArgs;
