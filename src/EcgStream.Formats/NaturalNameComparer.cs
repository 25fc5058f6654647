namespace EcgStream.Formats;

/// <summary>Orders names as people count: TRAIN2 before TRAIN10. Runs of ASCII digits compare as numbers, the rest by ordinal.</summary>
public sealed class NaturalNameComparer : IComparer<string>
{
    public static NaturalNameComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return Comparer<bool>.Default.Compare(x is not null, y is not null);
        }

        int i = 0;
        int j = 0;
        while (i < x.Length && j < y.Length)
        {
            int order;
            if (char.IsAsciiDigit(x[i]) && char.IsAsciiDigit(y[j]))
            {
                ReadOnlySpan<char> left = Digits(x, ref i);
                ReadOnlySpan<char> right = Digits(y, ref j);
                order = left.Length != right.Length ? left.Length - right.Length : left.SequenceCompareTo(right);
            }
            else
            {
                order = x[i++] - y[j++];
            }

            if (order != 0)
            {
                return order;
            }
        }

        // Equal but for leading zeros or a tail: ordinal keeps the order total.
        int rest = (x.Length - i) - (y.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(x, y);
    }

    // A run of digits without leading zeros, so that the longer one is the larger number.
    private static ReadOnlySpan<char> Digits(string text, ref int position)
    {
        int start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        return text.AsSpan(start, position - start).TrimStart('0');
    }
}
