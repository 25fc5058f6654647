namespace EcgStream.Daemon.Ingest;

/// <summary>
/// Which sequence numbers of a session are journaled: exact for the last 1,024 below the highest, unknown (taken as new) before that,
/// where a repeat only costs journal space because the session drops it. Not thread-safe: the owner locks.
/// </summary>
internal sealed class SequenceWindow
{
    private const int Span = 1024;

    private readonly ulong[] _bits = new ulong[Span / 64];
    private ulong _highest;
    private bool _any;

    public bool Contains(ulong sequence) =>
        _any && sequence <= _highest && _highest - sequence < Span && (Word(sequence) & Bit(sequence)) != 0;

    public void Add(ulong sequence)
    {
        if (!_any || sequence > _highest)
        {
            ForgetBelow(sequence);
            _highest = sequence;
            _any = true;
        }
        else if (_highest - sequence >= Span)
        {
            return;
        }

        Word(sequence) |= Bit(sequence);
    }

    /// <summary>Frees the places that the numbers between the old highest and <paramref name="sequence"/> take over.</summary>
    private void ForgetBelow(ulong sequence)
    {
        if (!_any || sequence - _highest >= Span)
        {
            Array.Clear(_bits);
            return;
        }

        for (var next = _highest + 1; next <= sequence && next != 0; next++)
        {
            Word(next) &= ~Bit(next);
        }
    }

    private ref ulong Word(ulong sequence) => ref _bits[sequence % Span / 64];

    private static ulong Bit(ulong sequence) => 1UL << (int)(sequence % 64);
}
