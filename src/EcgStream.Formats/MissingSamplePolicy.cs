namespace EcgStream.Formats;

/// <summary>What to do with samples that a file marks as missing: −32768 in WFDB's format 16, an empty field or NaN in CSV and MAT (<c>--missing</c>).</summary>
public enum MissingSamplePolicy
{
    /// <summary>Refuse the recording.</summary>
    Refuse,

    /// <summary>Keep the recording: <see cref="Recording.MissingSampleCount"/> counts them and they convert to NaN millivolts.</summary>
    Keep,
}
