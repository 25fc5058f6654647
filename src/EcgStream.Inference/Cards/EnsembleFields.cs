using System.Text.Json;

namespace EcgStream.Inference.Cards;

/// <summary>Reads the optional fields of <c>postprocessing</c>: <c>snap</c> and <c>vote</c>.</summary>
internal static class EnsembleFields
{
    public static (double Low, double High)? ReadSnap(JsonFields postprocessing, CardErrors errors)
    {
        if (!postprocessing.Has("snap") || postprocessing.IsNull("snap"))
        {
            return null;
        }

        var snap = postprocessing.Object("snap");
        var read = (Low: snap.Number("low", 0, 1), High: snap.Number("high", 0, 1));
        if (read.Low > read.High)
        {
            errors.Add(snap.PathOf("low"), FormattableString.Invariant($"{read.Low}"), FormattableString.Invariant($"not above high, {read.High}"));
        }

        snap.NothingElse();
        return read;
    }

    public static CardVote? ReadVote(JsonFields postprocessing, CardErrors errors)
    {
        if (!postprocessing.Has("vote") || postprocessing.IsNull("vote"))
        {
            return null;
        }

        var vote = postprocessing.Object("vote");
        CardVote read = vote.Choice("kind", "mean", "ordered", "stack") switch
        {
            "ordered" => new CardVote.Ordered(vote.List("order", 2, 256, (item, path) => ReadIndex(item, path, errors)), vote.Number("threshold", 0, 1)),
            "stack" => new CardVote.Stack(vote.Text("model", 64)),
            _ => new CardVote.Mean(),
        };
        vote.NothingElse();
        return read;
    }

    private static int ReadIndex(JsonElement item, string path, CardErrors errors)
    {
        if (item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var index) && index is >= 0 and < 256)
        {
            return index;
        }

        errors.Add(path, item.GetRawText(), "the index of a label");
        return 0;
    }
}
