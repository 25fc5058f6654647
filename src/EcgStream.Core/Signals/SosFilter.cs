using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EcgStream.Core.Signals;

/// <summary>
/// A cascade of second-order sections over a stream of frames, transposed direct form II in double precision. It starts in the steady state of the first
/// sample, i.e. it equals <c>scipy.signal.sosfilt(sos, x, zi=sosfilt_zi(sos) * x[0])</c> whatever the sizes of the calls. One thread.
/// By hand: the libraries filter whole arrays or one channel a sample; this goes on from chunk to chunk, all leads at once, and
/// allocates nothing.
/// </summary>
public sealed class SosFilter
{
    // States that only decay would end as denormal numbers, which cost a hundred times as much: a lead that is off for a night must not.
    private const double Negligible = 1e-30;

    private readonly SosSection[] _sections;
    private readonly double[] _state;
    private bool _primed;

    /// <param name="sections">In the order in which they are applied.</param>
    /// <param name="leads">Lanes of a frame that carry a lead.</param>
    public SosFilter(ReadOnlySpan<SosSection> sections, int leads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leads, 1);
        _sections = sections.ToArray();
        Stride = LaneMath.Stride(leads);
        _state = new double[_sections.Length * 2 * Stride];
    }

    /// <summary>Doubles per frame: the leads, padded to whole vectors.</summary>
    public int Stride { get; }

    /// <summary>Forgets everything: the next sample is a first sample.</summary>
    public void Reset() => _primed = false;

    /// <summary>Filters frames in place.</summary>
    /// <param name="frames">Frame-major, <see cref="Stride"/> doubles per frame.</param>
    public void Process(Span<double> frames)
    {
        if (frames.IsEmpty)
        {
            return;
        }

        if (frames.Length % Stride != 0)
        {
            throw new ArgumentException($"Not whole frames of {Stride} lanes", nameof(frames));
        }

        if (!_primed)
        {
            Prime(frames[..Stride]);
            _primed = true;
        }

        for (var index = 0; index < _sections.Length; index++)
        {
            var states = _state.AsSpan(index * 2 * Stride, 2 * Stride);
            for (var lane = 0; lane < Stride; lane += Vector256<double>.Count)
            {
                ProcessLanes(in _sections[index], frames, states, lane);
            }
        }
    }

    private void Prime(ReadOnlySpan<double> first)
    {
        for (var lane = 0; lane < Stride; lane++)
        {
            var input = first[lane];
            for (var index = 0; index < _sections.Length; index++)
            {
                var section = _sections[index];
                var output = section.DcGain * input;
                var second = (section.B2 * input) - (section.A2 * output);
                _state[(index * 2 * Stride) + lane] = (section.B1 * input) - (section.A1 * output) + second;
                _state[(index * 2 * Stride) + Stride + lane] = second;
                input = output;
            }
        }
    }

    // Plain multiplications and additions, not fused ones: the same bits on every machine.
    private void ProcessLanes(in SosSection section, Span<double> frames, Span<double> states, int lane)
    {
        var b0 = Vector256.Create(section.B0);
        var b1 = Vector256.Create(section.B1);
        var b2 = Vector256.Create(section.B2);
        var a1 = Vector256.Create(section.A1);
        var a2 = Vector256.Create(section.A2);
        var firstState = states.Slice(lane, Vector256<double>.Count);
        var secondState = states.Slice(Stride + lane, Vector256<double>.Count);
        var z1 = Vector256.Create<double>(firstState);
        var z2 = Vector256.Create<double>(secondState);
        ref var start = ref MemoryMarshal.GetReference(frames);
        for (var offset = lane; offset < frames.Length; offset += Stride)
        {
            var input = Vector256.LoadUnsafe(ref start, (nuint)offset);
            var output = (b0 * input) + z1;
            z1 = (b1 * input) - (a1 * output) + z2;
            z2 = (b2 * input) - (a2 * output);
            output.StoreUnsafe(ref start, (nuint)offset);
        }

        var negligible = Vector256.Create(Negligible);
        z1 = Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(z1), negligible), Vector256<double>.Zero, z1);
        z2 = Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(z2), negligible), Vector256<double>.Zero, z2);
        z1.CopyTo(firstState);
        z2.CopyTo(secondState);
    }
}
