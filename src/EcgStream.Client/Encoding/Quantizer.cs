using System.Buffers.Binary;

namespace EcgStream.Client.Encoding;

/// <summary>Turns millivolts into int16 counts. 1 µV per LSB as long as it reaches; a coarser gain only where ±32767 µV are passed.</summary>
public static class Quantizer
{
    /// <summary>−32768 stays unused: many formats mark a missing sample with it.</summary>
    public const int MaxDigital = short.MaxValue;

    /// <summary>The finest gain of 1, 2, 5, 10, 20, 50, … µV per LSB that holds the largest sample.</summary>
    /// <exception cref="ArgumentException">A sample is not a finite number.</exception>
    public static double ChooseGainMicrovolts(ReadOnlySpan<float> millivolts)
    {
        var largest = 0.0;
        for (var i = 0; i < millivolts.Length; i++)
        {
            var magnitude = Math.Abs((double)millivolts[i]);
            if (!double.IsFinite(magnitude))
            {
                throw new ArgumentException(FormattableString.Invariant($"Sample {i} is {millivolts[i]}; a sample must be a finite number of millivolts."), nameof(millivolts));
            }

            largest = Math.Max(largest, magnitude);
        }

        var decade = 1.0;
        while (true)
        {
            foreach (var step in (ReadOnlySpan<double>)[1, 2, 5])
            {
                var gain = step * decade;
                if (largest * 1000 <= MaxDigital * gain)
                {
                    return gain;
                }
            }

            decade *= 10;
        }
    }

    /// <summary>Writes int16 little-endian counts, rounded half to even.</summary>
    /// <param name="millivolts">Samples that <paramref name="gainMicrovolts"/> holds.</param>
    /// <param name="gainMicrovolts">µV per LSB, from <see cref="ChooseGainMicrovolts"/>.</param>
    /// <param name="destination">Two bytes per sample.</param>
    public static void Write(ReadOnlySpan<float> millivolts, double gainMicrovolts, Span<byte> destination)
    {
        for (var i = 0; i < millivolts.Length; i++)
        {
            var digital = Math.Round(millivolts[i] * 1000.0 / gainMicrovolts, MidpointRounding.ToEven);
            BinaryPrimitives.WriteInt16LittleEndian(destination[(2 * i)..], checked((short)digital));
        }
    }
}
