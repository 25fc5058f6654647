using System.Runtime.InteropServices;

namespace EcgStream.Testing.Onnx;

/// <summary>
/// Writes small ONNX files (IR 7, opset 13) whose outputs are known by hand, so that tests run the real runtime without a trained model in them.
/// Field numbers are those of onnx.proto3.
/// </summary>
public sealed class OnnxModelWriter
{
    private const int FloatType = 1;
    private readonly ProtoWriter _graph = new();
    private int _nodes;

    public OnnxModelWriter() => _graph.Text(2, "graph");

    /// <summary>A dimension of -1 is free.</summary>
    public OnnxModelWriter Input(string name, params long[] dimensions) => Value(11, name, dimensions);

    /// <summary>A dimension of -1 is free.</summary>
    public OnnxModelWriter Output(string name, params long[] dimensions) => Value(12, name, dimensions);

    public OnnxModelWriter Initializer(string name, ReadOnlySpan<float> values, params long[] dimensions)
    {
        var tensor = new ProtoWriter();
        foreach (var dimension in dimensions)
        {
            tensor.Varint(1, dimension);
        }

        _graph.Message(5, tensor.Varint(2, FloatType).Text(8, name).Bytes(9, MemoryMarshal.AsBytes(values)));
        return this;
    }

    /// <param name="operation">Operator, e.g. <c>Gemm</c>.</param>
    /// <param name="inputs">Names of the inputs.</param>
    /// <param name="output">Name of the output.</param>
    /// <param name="integers">Integer attributes.</param>
    public OnnxModelWriter Node(string operation, string[] inputs, string output, params (string Name, long Value)[] integers)
    {
        var node = new ProtoWriter();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, $"node{_nodes++}").Text(4, operation);
        foreach (var (name, value) in integers)
        {
            node.Message(5, new ProtoWriter().Text(1, name).Varint(3, value).Varint(20, 2));
        }

        _graph.Message(1, node);
        return this;
    }

    public byte[] ToArray() => new ProtoWriter()
        .Varint(1, 7)
        .Text(2, "EcgStream.Testing")
        .Message(7, _graph)
        .Message(8, new ProtoWriter().Text(1, "").Varint(2, 13))
        .ToArray();

    /// <summary>
    /// Scores of [batch, leads, samples] from the mean of each lead over time: softmax(mean · weights + bias), or sigmoid of the same.
    /// </summary>
    /// <param name="weights">Leads × labels, row-major.</param>
    public static byte[] MeanClassifier(
        int leads, int samples, int labels, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, string head = "Softmax", string input = "window", string output = "scores")
    {
        var model = new OnnxModelWriter()
            .Input(input, -1, leads, samples)
            .Output(output, -1, labels)
            .Initializer("weights", weights, leads, labels)
            .Initializer("bias", bias, labels)
            .Node("GlobalAveragePool", [input], "pooled")
            .Node("Flatten", ["pooled"], "means", ("axis", 1));
        if (head.Length == 0)
        {
            return model.Node("Gemm", ["means", "weights", "bias"], output).ToArray();
        }

        model.Node("Gemm", ["means", "weights", "bias"], "logits");
        return (head == "Softmax" ? model.Node(head, ["logits"], output, ("axis", 1)) : model.Node(head, ["logits"], output)).ToArray();
    }

    /// <summary>Scores of [batch, inputs]: softmax or sigmoid of row · weights + bias.</summary>
    /// <param name="weights">Inputs × labels, row-major.</param>
    public static byte[] RowClassifier(int inputs, int labels, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, string head = "Softmax", string output = "scores")
    {
        var model = new OnnxModelWriter()
            .Input("members", -1, inputs)
            .Output(output, -1, labels)
            .Initializer("weights", weights, inputs, labels)
            .Initializer("bias", bias, labels)
            .Node("Gemm", ["members", "weights", "bias"], "logits");
        return (head == "Softmax" ? model.Node(head, ["logits"], output, ("axis", 1)) : model.Node(head, ["logits"], output)).ToArray();
    }

    private OnnxModelWriter Value(int field, string name, long[] dimensions)
    {
        var shape = new ProtoWriter();
        for (var index = 0; index < dimensions.Length; index++)
        {
            var dimension = new ProtoWriter();
            shape.Message(1, dimensions[index] < 0 ? dimension.Text(2, $"free{index}") : dimension.Varint(1, dimensions[index]));
        }

        var tensor = new ProtoWriter().Varint(1, FloatType).Message(2, shape);
        _graph.Message(field, new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor)));
        return this;
    }
}
