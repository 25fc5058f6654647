"""Runs model.onnx with PyTorch's operators, so that checks and predictions need the shipped file and nothing else.

ONNX Runtime has no Debian package for Python; the operators that these networks use are few.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional


class OnnxModel:
    def __init__(self, path: Path | str):
        graph = onnx.load(str(path)).graph
        self._constants = {item.name: torch.from_numpy(numpy_helper.to_array(item).copy()) for item in graph.initializer}
        self._nodes = [(node, {item.name: onnx.helper.get_attribute_value(item) for item in node.attribute}) for node in graph.node]
        self.input_names = [item.name for item in graph.input if item.name not in self._constants]
        self.input_name = self.input_names[0]
        self.output_name = graph.output[0].name

    @torch.no_grad()
    def __call__(self, *inputs: np.ndarray) -> np.ndarray:
        """[batch, leads, samples] float32, and [batch, features] where the graph takes them → scores [batch, classes] float32."""
        values = dict(self._constants)
        for name, given in zip(self.input_names, inputs, strict=True):
            values[name] = torch.from_numpy(np.ascontiguousarray(given, dtype=np.float32))
        for node, attributes in self._nodes:
            arguments = [values[name] if name else None for name in node.input]
            made = _run(node.op_type, arguments, attributes)
            values.update(zip(node.output, made if isinstance(made, tuple) else (made,)))
        return values[self.output_name].numpy()


def _run(kind: str, args: list, attributes: dict) -> torch.Tensor:
    if kind == "Conv":
        return _conv(args, attributes)
    if kind in ("MaxPool", "AveragePool"):
        return _pool(kind, args[0], attributes)
    if kind == "Gemm":
        weight = args[1].T if attributes.get("transB") else args[1]
        return args[0] @ weight + args[2]
    if kind in ("ReduceMean", "ReduceMax"):
        reduce = torch.mean if kind == "ReduceMean" else torch.amax
        return reduce(args[0], tuple(attributes["axes"]), bool(attributes.get("keepdims", 1)))
    if kind == "Pad":
        return _pad(args, attributes)
    if kind == "Slice":
        return _slice(*args)
    if kind == "Squeeze":
        return args[0].squeeze(int(args[1]))
    if kind == "Unsqueeze":
        return args[0].unsqueeze(int(args[1]))
    if kind == "Clip":
        return args[0].clamp(*(None if bound is None else float(bound) for bound in args[1:]))
    if kind == "Reshape":
        return args[0].reshape([args[0].shape[i] if size == 0 else size for i, size in enumerate(args[1].tolist())])
    if kind == "Constant":
        return torch.from_numpy(numpy_helper.to_array(attributes["value"]).copy())
    if kind == "Concat":
        return torch.cat(args, attributes["axis"])
    if kind == "Softmax":
        return torch.softmax(args[0], attributes["axis"])
    if kind == "LeakyRelu":
        return functional.leaky_relu(args[0], attributes.get("alpha", 0.01))
    if kind == "BatchNormalization":
        scale, shift, mean, variance = args[1:5]
        return functional.batch_norm(args[0], mean, variance, scale, shift, False, 0.0, attributes.get("epsilon", 1e-5))
    if kind == "Flatten":
        return args[0].flatten(attributes.get("axis", 1))
    if kind == "Split":
        return args[0].split(args[1].tolist(), attributes.get("axis", 0))
    if kind == "ReduceSum":
        axes = tuple(args[1].tolist()) if len(args) > 1 else tuple(attributes["axes"])
        return args[0].sum(axes, keepdim=bool(attributes.get("keepdims", 1)))
    simple = {
        "Relu": torch.relu, "Sigmoid": torch.sigmoid, "Identity": lambda x: x, "Add": torch.add, "Mul": torch.mul,
        "Sub": torch.sub, "Div": torch.div, "Neg": torch.neg, "Abs": torch.abs, "MatMul": torch.matmul, "Tanh": torch.tanh,
        "Pow": torch.pow, "Sqrt": torch.sqrt,
    }  # fmt: skip
    if kind in simple:
        return simple[kind](*args)
    raise NotImplementedError(f"operator {kind}")


def _conv(args: list, attributes: dict) -> torch.Tensor:
    axes = args[1].dim() - 2
    conv = functional.conv1d if axes == 1 else functional.conv2d
    bias = args[2] if len(args) > 2 else None
    ones = [1] * axes
    return conv(
        _padded(args[0], attributes, axes), args[1], bias, attributes.get("strides", ones), 0, attributes.get("dilations", ones),
        attributes.get("group", 1),
    )  # fmt: skip


def _pool(kind: str, data: torch.Tensor, attributes: dict) -> torch.Tensor:
    kernel, strides = attributes["kernel_shape"], attributes["strides"]
    assert not attributes.get("ceil_mode", 0) and set(attributes.get("dilations", [1])) == {1}
    if kind == "AveragePool":
        assert not any(attributes.get("pads", [0]))
        return (functional.avg_pool1d if len(kernel) == 1 else functional.avg_pool2d)(data, kernel, strides)
    return (functional.max_pool1d if len(kernel) == 1 else functional.max_pool2d)(_padded(data, attributes, len(kernel), -torch.inf), kernel, strides)


def _padded(data: torch.Tensor, attributes: dict, axes: int, value: float = 0.0) -> torch.Tensor:
    """ONNX pads are all beginnings, then all ends; PyTorch's are (begin, end) from the last axis on."""
    pads = list(attributes.get("pads", [0] * (2 * axes)))
    assert attributes.get("auto_pad", b"NOTSET") == b"NOTSET"
    pairs = [(pads[axis], pads[axis + axes]) for axis in reversed(range(axes))]
    return functional.pad(data, [size for pair in pairs for size in pair], value=value) if any(pads) else data


def _pad(args: list, attributes: dict) -> torch.Tensor:
    assert attributes.get("mode", b"constant") == b"constant"
    value = float(args[2]) if len(args) > 2 and args[2] is not None else 0.0
    return _padded(args[0], {"pads": args[1].tolist()}, args[0].dim(), value)


def _slice(data, starts, ends, axes=None, steps=None) -> torch.Tensor:
    index = [slice(None)] * data.dim()
    axes = range(len(starts)) if axes is None else axes.tolist()
    steps = [1] * len(starts) if steps is None else steps.tolist()
    for axis, start, end, step in zip(axes, starts.tolist(), ends.tolist(), steps):
        index[axis] = slice(start, end, step)
    return data[tuple(index)]
