namespace EcgStream.Core.Signals;

/// <summary>A lead of the ECG. The numbers are those of <c>ecgstream.v1.Lead</c> and are stored in journals: never reuse one.</summary>
public enum Lead : byte
{
    None = 0,
    I = 1,
    II = 2,
    III = 3,
    AVR = 4,
    AVL = 5,
    AVF = 6,
    V1 = 7,
    V2 = 8,
    V3 = 9,
    V4 = 10,
    V5 = 11,
    V6 = 12,

    /// <summary>Modified limb lead II of ambulatory recorders.</summary>
    MLII = 13,

    /// <summary>Modified chest lead 1 of monitors.</summary>
    MCL1 = 14,

    /// <summary>A chest lead whose place is not stated.</summary>
    V = 15,

    /// <summary>The one lead of a single-lead device, placement not stated.</summary>
    Ecg = 16,

    /// <summary>The second lead of a recorder that does not state where its leads are placed.</summary>
    Ecg2 = 17,
}
