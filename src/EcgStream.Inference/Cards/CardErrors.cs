namespace EcgStream.Inference.Cards;

/// <summary>Collects what is wrong with one file, so that all of it is told at once.</summary>
internal sealed class CardErrors(string file)
{
    private const int LongestValue = 80;
    private readonly List<CardError> _errors = [];

    public IReadOnlyList<CardError> All => _errors;

    public string File => file;

    public void Add(string path, string value, string limit) =>
        _errors.Add(new CardError(file, path, value.Length > LongestValue ? value[..LongestValue] + "…" : value, limit));
}
