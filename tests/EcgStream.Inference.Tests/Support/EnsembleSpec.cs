using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EcgStream.Testing.Onnx;

namespace EcgStream.Inference.Tests.Support;

/// <summary>An ensemble of mean-of-leads models, written to a folder for the real runtime and computed by hand beside it.</summary>
internal sealed class EnsembleSpec
{
    public required int Labels { get; init; }

    public string Head { get; init; } = "Softmax";

    public required IReadOnlyList<(float[] Weights, float[] Bias)> Members { get; init; }

    public required JsonObject Vote { get; init; }

    public double Temperature { get; init; } = 1;

    public double MemberTemperature { get; init; } = 1;

    public (double Low, double High)? Snap { get; init; }

    public (double Low, double High)? MemberSnap { get; init; }

    public (double Low, double High)? Clip { get; init; }

    public (float[] Weights, float[] Bias)? Stack { get; init; }

    public byte[] StackModel => OnnxModelWriter.RowClassifier(Members.Count * Labels, Labels, Stack!.Value.Weights, Stack.Value.Bias, Head);

    public IReadOnlyList<string> Names => [.. Enumerable.Range(1, Members.Count).Select(number => $"net{number}")];

    public byte[] MemberModel(int member) => OnnxModelWriter.MeanClassifier(CardText.Leads, CardText.Samples, Labels, Members[member].Weights, Members[member].Bias, Head);

    public JsonObject MemberCard(int member) => Bend(CardText.Card(MemberModel(member), Names[member]), MemberTemperature, MemberSnap, null);

    public JsonObject ParentCard(string name = "vote")
    {
        var card = Bend(CardText.Card(name: name), Temperature, Snap, Clip);
        card["members"] = new JsonArray([.. Names.Select(member => JsonValue.Create(member))]);
        card["postprocessing"]!["vote"] = Vote.DeepClone();
        card["provenance"]!["sha256"] = Stack is null ? null : Convert.ToHexStringLower(SHA256.HashData(StackModel));
        return card;
    }

    /// <param name="folder">Where.</param>
    /// <param name="place">Folder of the parent below it, e.g. <c>vote</c> or <c>optional/vote</c>.</param>
    /// <param name="bend">Changes the parent's card, or a member's (index 1 on) before it is written.</param>
    public ModelFolder Write(ModelFolder folder, string place = "vote", Action<int, JsonObject>? bend = null)
    {
        var parent = ParentCard(Path.GetFileName(place));
        bend?.Invoke(0, parent);
        folder.AddFile($"{place}/card.json", CardText.Utf8(parent));
        for (var member = 0; member < Members.Count; member++)
        {
            var card = MemberCard(member);
            bend?.Invoke(member + 1, card);
            folder.AddFile($"{place}/{Names[member]}/card.json", CardText.Utf8(card)).AddFile($"{place}/{Names[member]}/model.onnx", MemberModel(member));
        }

        return Stack is null ? folder : folder.AddFile($"{place}/stack.onnx", StackModel);
    }

    /// <summary>What the ensemble must give, written for its plainness.</summary>
    public double[] Expected(ReadOnlySpan<float> input)
    {
        double[] means = [input[..CardText.Samples].ToArray().Average(value => (double)value), input[CardText.Samples..].ToArray().Average(value => (double)value)];
        var members = Members.Select(member => Snapped(Tempered(Of(means, member), MemberTemperature), MemberSnap)).ToArray();
        var together = Stack is { } stack
            ? Of([.. members.SelectMany(scores => scores)], stack)
            : [.. Enumerable.Range(0, Labels).Select(label => members.Average(scores => scores[label]))];
        var row = Tempered(together, Temperature);
        if (Clip is { } clip)
        {
            row = [.. row.Select(p => Math.Min(Math.Max(p, clip.Low), clip.High))];
        }

        if ((string)Vote["kind"]! == "ordered")
        {
            var winner = Vote["order"]!.AsArray().Select(index => (int)index!).Where(index => row[index] > (double)Vote["threshold"]!).Cast<int?>().FirstOrDefault();
            row = winner is { } one ? [.. Enumerable.Range(0, Labels).Select(index => index == one ? 1.0 : 0.0)] : row;
        }

        return Snapped(row, Snap);
    }

    private double[] Of(double[] inputs, (float[] Weights, float[] Bias) layer)
    {
        double[] logits = [.. Enumerable.Range(0, Labels).Select(label => layer.Bias[label] + inputs.Select((value, index) => value * layer.Weights[(index * Labels) + label]).Sum())];
        var powers = logits.Select(Math.Exp).ToArray();
        return Head == "Softmax" ? [.. powers.Select(power => power / powers.Sum())] : [.. powers.Select(power => power / (1 + power))];
    }

    private double[] Tempered(double[] row, double temperature)
    {
        if (temperature == 1)
        {
            return row;
        }

        if (Head != "Softmax")
        {
            return [.. row.Select(p => 1 / (1 + Math.Pow((1 - p) / p, 1 / temperature)))];
        }

        // 1e-38 is what stands for a probability that a snap made 0.
        var powers = row.Select(p => Math.Pow(Math.Max(p, 1e-38), 1 / temperature)).ToArray();
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static double[] Snapped(double[] row, (double Low, double High)? snap) => snap is { } at ? [.. row.Select(p => p < at.Low ? 0 : p > at.High ? 1 : p)] : row;

    private JsonObject Bend(JsonObject card, double temperature, (double Low, double High)? snap, (double Low, double High)? clip)
    {
        card["output"]!["kind"] = Head == "Softmax" ? "softmax" : "sigmoid";
        card["output"]!["labels"] = new JsonArray([.. Enumerable.Range(0, Labels).Select(label => new JsonObject
        {
            ["name"] = $"label{label}", ["snomed"] = null, ["abnormal"] = label > 0, ["alarmPriority"] = null,
        })]);
        card["postprocessing"] = new JsonObject
        {
            ["temperature"] = temperature,
            ["clip"] = clip is { } bounds ? new JsonArray(bounds.Low, bounds.High) : null,
            ["snap"] = snap is { } at ? new JsonObject { ["low"] = at.Low, ["high"] = at.High } : null,
        };
        return card;
    }
}
