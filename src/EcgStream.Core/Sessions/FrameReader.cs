using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Sessions;

/// <summary>Turns a chunk's digital samples (little-endian int16, lead-major) into frames of physical millivolts.</summary>
internal static class FrameReader
{
    /// <param name="header">Says how to read the samples.</param>
    /// <param name="samples">The chunk's sample bytes.</param>
    /// <param name="first">First sample per lead to read.</param>
    /// <param name="count">Samples per lead to read.</param>
    /// <param name="frames">Gets count × stride doubles; padding lanes are 0.</param>
    /// <param name="stride">Doubles per frame.</param>
    /// <param name="rails">Gets, per lead, how many samples stand at an end of the int16 range.</param>
    public static void Read(in ChunkHeader header, ReadOnlySpan<byte> samples, int first, int count, Span<double> frames, int stride, Span<int> rails)
    {
        var gain = header.GainMicrovoltsPerLsb / 1000;
        var leads = header.Leads.Count;
        if (stride != leads)
        {
            frames[..(count * stride)].Clear();
        }

        var baseline = header.BaselineLsb;
        for (var lane = 0; lane < leads; lane++)
        {
            var digital = MemoryMarshal.Cast<byte, short>(samples.Slice(2 * ((lane * header.SamplesPerLead) + first), 2 * count));
            var atRail = 0;
            var target = frames[lane..((count * stride) - stride + lane + 1)];
            for (int index = 0, offset = 0; index < digital.Length; index++, offset += stride)
            {
                var value = BitConverter.IsLittleEndian ? digital[index] : BinaryPrimitives.ReverseEndianness(digital[index]);
                target[offset] = (value - baseline) * gain;
                atRail += value is short.MaxValue or short.MinValue ? 1 : 0;
            }

            rails[lane] = atRail;
        }
    }
}
