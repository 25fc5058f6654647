using System.Text;

namespace EcgStream.Core.Signals;

/// <summary>
/// Strings of the device ids seen lately, found by their bytes, so that decoding a known device's chunk allocates nothing. A cache of a fixed number of
/// places: an id that has lost its place costs one string the next time, never an error. Any thread.
/// </summary>
public sealed class DeviceIdTable
{
    private const int Ways = 8;

    // Strings are immutable and a place is one reference, so reads and writes of different threads need no lock: at worst two threads make the same string.
    private readonly string?[] _places;
    private readonly int _setMask;
    private uint _victim;

    /// <param name="devices">How many devices are expected at a time; twice as many places are kept (8 bytes each).</param>
    public DeviceIdTable(int devices)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devices, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(devices, 1 << 20);
        var sets = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, 2 * devices / Ways));
        _places = new string?[sets * Ways];
        _setMask = sets - 1;
    }

    /// <summary>The id as a string.</summary>
    /// <param name="ascii">Checked to hold ASCII only.</param>
    public string Get(ReadOnlySpan<byte> ascii)
    {
        // HashCode is seeded per process: no one outside can choose ids that share a set.
        var hash = default(HashCode);
        hash.AddBytes(ascii);
        var set = _places.AsSpan((hash.ToHashCode() & _setMask) * Ways, Ways);
        foreach (var place in set)
        {
            if (place is not null && Ascii.Equals(ascii, place))
            {
                return place;
            }
        }

        var made = Encoding.ASCII.GetString(ascii);
        foreach (ref var place in set)
        {
            if (place is null)
            {
                Volatile.Write(ref place, made);
                return made;
            }
        }

        Volatile.Write(ref set[(int)(Interlocked.Increment(ref _victim) % Ways)], made);
        return made;
    }
}
