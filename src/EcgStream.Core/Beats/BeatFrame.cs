using EcgStream.Core.Signals;

namespace EcgStream.Core.Beats;

/// <summary>
/// The piece of signal in which beats are compared with one another: 360 ms before the R peak to 440 ms behind it, every fourth sample (125 Hz), with some frames on
/// both sides so that a beat can be shifted onto a template.
/// </summary>
public static class BeatFrame
{
    public const int Factor = 4;

    /// <summary>Frames before the R peak.</summary>
    public const int Before = 45;

    public const int After = 55;

    public const int Length = Before + After;

    /// <summary>Frames by which a beat may be shifted, 32 ms.</summary>
    public const int Reach = 4;

    public const int WideLength = Length + (2 * Reach);

    public const int BeforeSamples = Before * Factor;

    public const int AfterSamples = After * Factor;

    /// <summary>Samples behind the R peak that must have come.</summary>
    internal const int MostAfter = (After + Reach) * Factor;

    /// <summary>Samples before the R peak that are copied.</summary>
    internal const int WideBefore = (Before + Reach) * Factor;

    internal const int WideSamples = WideBefore + MostAfter;

    // Frames from the frame's start. QRS with the begin of ST; the P wave's place; end of QRS to end of T.
    internal const int QrsFrom = Before - 15;
    internal const int QrsTo = Before + 25;
    internal const int PFrom = Before - 34;
    internal const int PTo = Before - 9;
    internal const int TFrom = Before + 12;
    internal const int TTo = Before + 50;

    internal const double FramesPerSecond = (double)SampleClock.RateHz / Factor;
}
