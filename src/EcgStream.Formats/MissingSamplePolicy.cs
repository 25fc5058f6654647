namespace EcgStream.Formats;

/// <summary>What to do with samples that a WFDB file marks as missing (−32768 in format 16, −2048 in 212, −128 in 80).</summary>
public enum MissingSamplePolicy
{
    /// <summary>Refuse the recording, as one with NaN is.</summary>
    Refuse,

    /// <summary>Keep the recording: <see cref="Recording.MissingSampleCount"/> counts them and they convert to NaN millivolts.</summary>
    Keep,
}
