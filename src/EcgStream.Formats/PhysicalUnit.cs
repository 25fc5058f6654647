namespace EcgStream.Formats;

/// <summary>The unit of samples in a file that does not state it.</summary>
public enum PhysicalUnit
{
    Millivolts,
    Microvolts,
    Volts,
}
