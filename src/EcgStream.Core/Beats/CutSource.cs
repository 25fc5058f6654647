using EcgStream.Core.Windows;

namespace EcgStream.Core.Beats;

/// <summary>Where a beat's samples are read: rows of the rings, from a sample of the segment on. What lies before the segment is its oldest sample that is kept.</summary>
/// <param name="Rings">The session's rings.</param>
/// <param name="Total">Samples of the segment so far.</param>
/// <param name="From">First sample.</param>
/// <param name="First">Row of the first lead.</param>
/// <param name="Second">Row of the second lead.</param>
internal readonly record struct CutSource(SampleRings Rings, long Total, long From, int First, int Second)
{
    public void Copy(int lead, Span<float> destination) => Copy(Rings, Total, lead == 0 ? First : Second, From, destination);

    public static void Copy(SampleRings rings, long total, int row, long from, Span<float> destination)
    {
        var missing = (int)Math.Clamp(total - rings.Count(row) - from, 0, destination.Length - 1);
        var end = from + destination.Length;
        rings.Copy(row, (int)(total - end), destination[missing..]);
        destination[..missing].Fill(destination[missing]);
    }
}
