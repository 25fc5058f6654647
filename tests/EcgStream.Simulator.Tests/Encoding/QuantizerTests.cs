using System.Buffers.Binary;
using EcgStream.Client.Encoding;

namespace EcgStream.Simulator.Tests.Encoding;

public sealed class QuantizerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Write_AnySamples_AreAtMostHalfAStepOffAtTheFinestGainThatHoldsThem(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var scale = Math.Pow(10, random.NextDouble() * 6 - 2);
            var millivolts = Enumerable.Range(0, random.Next(1, 200)).Select(_ => (float)((random.NextDouble() - 0.5) * scale)).ToArray();
            var gain = Quantizer.ChooseGainMicrovolts(millivolts);
            var bytes = new byte[2 * millivolts.Length];
            Quantizer.Write(millivolts, gain, bytes);
            for (var i = 0; i < millivolts.Length; i++)
            {
                var back = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(2 * i)) * gain;
                Assert.True(Math.Abs(back - (millivolts[i] * 1000.0)) <= (gain / 2) + 1e-9, $"seed {seed}, round {round}: {millivolts[i]} mV became {back} µV");
            }

            var finer = new[] { 1.0, 2, 5, 10, 20, 50, 100, 200, 500 }.LastOrDefault(candidate => candidate < gain);
            var largest = millivolts.Max(sample => Math.Abs((double)sample)) * 1000;
            Assert.True(finer == 0 || largest > 32767 * finer, $"seed {seed}, round {round}: {gain} µV although {finer} µV holds {largest} µV");
        }
    }

    [Theory]
    [InlineData(0.0005, 0)]
    [InlineData(0.0015, 2)]
    [InlineData(0.0025, 2)]
    [InlineData(-0.0015, -2)]
    [InlineData(32.767, 32767)]
    [InlineData(-32.767, -32767)]
    public void Write_HalfALsb_GoesToTheEvenCount(double millivolts, int expected)
    {
        // Exact halves in binary would hide the rule: take the float that lies on it after the product.
        var sample = (float)millivolts;
        var exact = Math.Round(sample * 1000.0, MidpointRounding.ToEven);
        Assert.Equal(1, Quantizer.ChooseGainMicrovolts([sample]));
        var bytes = new byte[2];
        Quantizer.Write([sample], 1, bytes);
        Assert.Equal(exact, BinaryPrimitives.ReadInt16LittleEndian(bytes));
        Assert.InRange(BinaryPrimitives.ReadInt16LittleEndian(bytes), expected - 1, expected + 1);
    }

    [Fact]
    public void Write_ExactHalves_RoundToEven()
    {
        // At 500 µV per LSB 0.25 mV, 0.75 mV and 1.25 mV are exact halves in binary.
        var bytes = new byte[8];
        Quantizer.Write([0.25f, 0.75f, 1.25f, -0.75f], 500, bytes);
        Assert.Equal([0, 2, 2, -2], Enumerable.Range(0, 4).Select(i => (int)BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(2 * i))));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void ChooseGain_NotFinite_IsRefusedWithItsPlace(float bad)
    {
        var error = Assert.Throws<ArgumentException>(() => Quantizer.ChooseGainMicrovolts([0, bad]));
        Assert.Contains("Sample 1", error.Message, StringComparison.Ordinal);
    }
}
