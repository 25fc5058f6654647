namespace EcgStream.Load;

/// <summary>
/// What makes rule alarms during a run: every tenth device stands still for a while (asystole), every other tenth loses its RA electrode.
/// The episodes are spread over the run, so that alarms are raised all the time.
/// </summary>
internal readonly struct Disturbance(int device, int devices, int seconds)
{
    private const double FirstSecond = 14;
    private const double AsystoleSeconds = 9;
    private const double LeadOffSeconds = 5;

    private double Start => FirstSecond + ((seconds - FirstSecond - AsystoleSeconds - 4) * device / devices);

    public bool IsStill(double second) => device % 10 == 3 && second >= Start && second < Start + AsystoleSeconds;

    public uint ElectrodesOff(double second) => device % 10 == 7 && second >= Start && second < Start + LeadOffSeconds ? 1u : 0u;
}
