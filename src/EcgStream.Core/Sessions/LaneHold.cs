using EcgStream.Core.Signals;

namespace EcgStream.Core.Sessions;

/// <summary>
/// Keeps a lead whose electrode is off where it was, and takes it up from there when the electrode is back: what an open input shows, and the step to another
/// baseline, then never reach the filters. Costs nothing while all electrodes stay on. One thread.
/// </summary>
internal sealed class LaneHold(int lanes, int stride)
{
    private readonly double[] _held = new double[lanes];
    private readonly double[] _offset = new double[lanes];
    private uint _off;
    private uint _moved;
    private bool _any;

    /// <param name="frames">Next frames, changed in place.</param>
    /// <param name="off">Lanes (bits by place) whose electrode is off in them.</param>
    public void Apply(Span<double> frames, uint off)
    {
        if ((off | _off | _moved) != 0)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                Apply(frames, lane, 1u << lane, (off & (1u << lane)) != 0);
            }
        }

        var last = frames[^stride..];
        last[..lanes].CopyTo(_held);
        _off = off;
        _any = true;
    }

    private void Apply(Span<double> frames, int lane, uint bit, bool isOff)
    {
        if (!isOff && (_off & bit) != 0)
        {
            _offset[lane] = _held[lane] - frames[lane];
            _moved |= bit;
        }

        if (isOff)
        {
            var held = _any ? _held[lane] : frames[lane];
            for (var at = lane; at < frames.Length; at += stride)
            {
                frames[at] = held;
            }
        }
        else if ((_moved & bit) != 0)
        {
            for (var at = lane; at < frames.Length; at += stride)
            {
                frames[at] += _offset[lane];
            }
        }
    }
}
