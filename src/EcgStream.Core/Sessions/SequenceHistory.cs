namespace EcgStream.Core.Sessions;

/// <summary>
/// Which sequence numbers of a session have been taken in, for the newest 4096 numbers (17 minutes of 250 ms chunks). A resend of something older cannot be
/// told from a late first arrival and is taken for late.
/// </summary>
public sealed class SequenceHistory
{
    public const int Size = 4096;

    private readonly ulong[] _bits = new ulong[Size / 64];
    private ulong _newest;
    private bool _any;

    public void Clear()
    {
        Array.Clear(_bits);
        _any = false;
    }

    public bool Contains(ulong sequence) =>
        _any && sequence <= _newest && _newest - sequence < Size && (_bits[Word(sequence)] & Bit(sequence)) != 0;

    public void Add(ulong sequence)
    {
        if (!_any || sequence > _newest)
        {
            var passed = _any ? Math.Min(sequence - _newest, Size) : 0;
            for (ulong step = 0; step < passed; step++)
            {
                _bits[Word(sequence - step)] &= ~Bit(sequence - step);
            }

            _newest = sequence;
            _any = true;
        }
        else if (_newest - sequence >= Size)
        {
            return;
        }

        _bits[Word(sequence)] |= Bit(sequence);
    }

    private static int Word(ulong sequence) => (int)(sequence % Size / 64);

    private static ulong Bit(ulong sequence) => 1UL << (int)(sequence % 64);
}
