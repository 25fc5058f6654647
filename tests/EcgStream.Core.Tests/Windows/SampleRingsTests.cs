using EcgStream.Core.Signals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Tests.Windows;

public sealed class SampleRingsTests
{
    [Fact]
    public void Append_RowsOfTwoLengths_EachHoldsItsNewestSamples()
    {
        // I and II are carried, the other limb leads are derived; windows are cut from II alone.
        var layout = new LeadLayout(LeadList.Of(Lead.I, Lead.II));
        var rings = new SampleRings(layout, Lead.II.Bit(), 1000, 300);
        var random = new Random(4);
        var total = 0;
        while (total < 3000)
        {
            var frames = new double[random.Next(1, 130) * 4];
            for (var at = 0; at < frames.Length; at += 4, total++)
            {
                (frames[at], frames[at + 1]) = (total, 10 * total);
            }

            rings.Append(frames);
            for (var row = 0; row < layout.Rows.Length; row++)
            {
                var held = Math.Min(total, row == 1 ? 1000 : 300);
                var samples = new float[held];
                rings.Copy(row, 0, samples);
                var (ofI, ofII) = row switch { 0 => (1, 0), 1 => (0, 1), _ => LeadDerivation.Weights(layout.Rows[row]) };

                Assert.Equal(held, rings.Count(row));
                Assert.All(samples.Index(), sample => Assert.Equal((ofI + (10 * ofII)) * (total - held + sample.Index), sample.Item, 1e-2f));
            }
        }

        rings.Clear();
        Assert.Equal(0, rings.Count(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => rings.Copy(1, 0, new float[1]));
    }
}
