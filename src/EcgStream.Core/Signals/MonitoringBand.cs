namespace EcgStream.Core.Signals;

/// <summary>
/// The monitoring band 0.5 to 40 Hz at 500 Hz: Butterworth order-2 high-pass 0.5 Hz, then Butterworth order-4 low-pass 40 Hz.
/// Coefficients of scipy 1.10.1 to full double precision:
/// <code>python3 -c "from scipy.signal import butter; print(butter(2, 0.5, 'highpass', fs=500, output='sos').tolist(), butter(4, 40, 'lowpass', fs=500, output='sos').tolist())"</code>
/// Training uses the same sections; a change here asks for new models.
/// </summary>
public static class MonitoringBand
{
    /// <summary>Group delay over 8 to 20 Hz, where the energy of a QRS complex is: 11.4 to 12.0 ms, 6 samples. Beat times are corrected by it.</summary>
    public const int QrsDelaySamples = 6;

    private static readonly SosSection[] All =
    [
        new(0.9955669720176472, -1.9911339440352944, 0.9955669720176472, -1.9911142922016536, 0.9911535958689355),
        new(0.0022348916980823243, 0.004469783396164649, 0.0022348916980823243, -1.2128120926202186, 0.3840041622865537),
        new(1.0, 2.0, 1.0, -1.479798894397217, 0.6886769530538617),
    ];

    public static ReadOnlySpan<SosSection> Sections => All;
}
