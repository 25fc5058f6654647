using System.Globalization;

namespace EcgStream.Daemon.Journal;

/// <summary>
/// Place of a record: segment number in the upper 32 bits, byte offset in the lower 32. Rises with every append,
/// over segments and restarts, so comparing two positions compares the order in which chunks were accepted.
/// </summary>
public readonly record struct JournalPosition(ulong Value) : IComparable<JournalPosition>
{
    public JournalPosition(uint segment, uint offset) : this(((ulong)segment << 32) | offset) { }

    /// <summary>Before every record.</summary>
    public static JournalPosition Start => default;

    public uint Segment => (uint)(Value >> 32);

    public uint Offset => (uint)Value;

    public int CompareTo(JournalPosition other) => Value.CompareTo(other.Value);

    public static bool operator <(JournalPosition left, JournalPosition right) => left.Value < right.Value;

    public static bool operator >(JournalPosition left, JournalPosition right) => left.Value > right.Value;

    public static bool operator <=(JournalPosition left, JournalPosition right) => left.Value <= right.Value;

    public static bool operator >=(JournalPosition left, JournalPosition right) => left.Value >= right.Value;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Segment}:{Offset}");
}
