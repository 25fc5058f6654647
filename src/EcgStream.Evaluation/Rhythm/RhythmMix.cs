using System.Globalization;

namespace EcgStream.Evaluation.Rhythm;

/// <summary>
/// The shares of the four classes that figures hold for. A set that was gathered for one class has another mix than the wards do, and F1 and predictivity depend on it:
/// each record counts as often as it takes to bring its class to its share.
/// </summary>
internal sealed class RhythmMix
{
    private readonly double[] _shares;

    private RhythmMix(string name, double[] shares)
    {
        (Name, _shares) = (name, shares);
    }

    /// <summary>The training set of the challenge: 59 % normal, 9 % fibrillation, 28 % other, 3 % noisy.</summary>
    public static RhythmMix Natural { get; } = new("natural", [0.59, 0.09, 0.28, 0.03]);

    /// <summary>Every record counts once.</summary>
    public static RhythmMix AsGiven { get; } = new("as given", []);

    public string Name { get; }

    /// <summary>Reads <c>natural</c>, <c>given</c> or four shares in the order N, A, O, ~, of any sum: <c>59,9,28,3</c>.</summary>
    public static bool TryParse(string text, out RhythmMix mix)
    {
        mix = text == "given" ? AsGiven : Natural;
        if (text is "natural" or "given")
        {
            return true;
        }

        var shares = new List<double>();
        foreach (var field in text.Split(','))
        {
            if (!double.TryParse(field, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) || !double.IsFinite(share))
            {
                return false;
            }

            shares.Add(share);
        }

        mix = new RhythmMix(text, [.. shares]);
        return shares.Count == RhythmClasses.All.Count && shares.Sum() > 0;
    }

    /// <summary>What one record of each class counts, so that all together count as many as there are; 0 for a class that is not there.</summary>
    /// <param name="records">Records of each class.</param>
    public double[] Weights(IReadOnlyList<int> records)
    {
        if (_shares.Length == 0)
        {
            return [.. records.Select(_ => 1.0)];
        }

        var present = _shares.Where((_, index) => records[index] > 0).Sum();
        return [.. records.Select((count, index) => count > 0 && present > 0 ? _shares[index] / present * records.Sum() / count : 0)];
    }
}
