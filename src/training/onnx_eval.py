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
    if kind == "MaxPool" and any(attributes.get("pads", [0])):
        before, after = attributes["pads"]
        assert before == after and not attributes.get("ceil_mode", 0)
        return functional.max_pool1d(args[0], attributes["kernel_shape"][0], attributes["strides"][0], before)
    if kind in ("MaxPool", "AveragePool"):
        assert not any(attributes.get("pads", [0])) and not attributes.get("ceil_mode", 0)
        pool = functional.max_pool1d if kind == "MaxPool" else functional.avg_pool1d
        return pool(args[0], attributes["kernel_shape"][0], attributes["strides"][0])
    if kind == "Gemm":
        weight = args[1].T if attributes.get("transB") else args[1]
        return args[0] @ weight + args[2]
    if kind in ("ReduceMean", "ReduceMax"):
        reduce = torch.mean if kind == "ReduceMean" else torch.amax
        return reduce(args[0], tuple(attributes["axes"]), bool(attributes.get("keepdims", 1)))
    if kind == "Constant":
        return torch.from_numpy(numpy_helper.to_array(attributes["value"]).copy())
    if kind == "Concat":
        return torch.cat(args, attributes["axis"])
    if kind == "Softmax":
        return torch.softmax(args[0], attributes["axis"])
    if kind == "Clip":
        return torch.clamp(args[0], *args[1:3])
    if kind == "LeakyRelu":
        return functional.leaky_relu(args[0], attributes.get("alpha", 0.01))
    if kind == "BatchNormalization":
        scale, shift, mean, variance = args[1:5]
        return functional.batch_norm(args[0], mean, variance, scale, shift, False, 0.0, attributes.get("epsilon", 1e-5))
    if kind == "Flatten":
        return args[0].flatten(attributes.get("axis", 1))
    if kind == "MatMul":
        return args[0] @ args[1]
    if kind == "Slice":
        return _slice(*args)
    if kind == "Split":
        return args[0].split(args[1].tolist(), attributes.get("axis", 0))
    if kind == "ReduceSum":
        axes = tuple(args[1].tolist()) if len(args) > 1 else tuple(attributes["axes"])
        return args[0].sum(axes, keepdim=bool(attributes.get("keepdims", 1)))
    simple = {
        "Relu": torch.relu, "Sigmoid": torch.sigmoid, "Identity": lambda x: x, "Add": torch.add, "Mul": torch.mul,
        "Sub": torch.sub, "Div": torch.div, "Tanh": torch.tanh, "Pow": torch.pow, "Sqrt": torch.sqrt,
    }  # fmt: skip
    if kind in simple:
        return simple[kind](*args)
    raise NotImplementedError(f"operator {kind}")


def _conv(args: list, attributes: dict) -> torch.Tensor:
    before, after = attributes.get("pads", [0, 0])
    inputs = functional.pad(args[0], (before, after))
    bias = args[2] if len(args) > 2 else None
    return functional.conv1d(inputs, args[1], bias, attributes.get("strides", [1])[0], 0, attributes.get("dilations", [1])[0], attributes.get("group", 1))


def _slice(data: torch.Tensor, starts, ends, axes=None, steps=None) -> torch.Tensor:
    for index, (start, end) in enumerate(zip(starts.tolist(), ends.tolist())):
        assert steps is None or steps.tolist()[index] == 1
        axis = index if axes is None else axes.tolist()[index]
        length = data.shape[axis]
        start, end = (min(max(bound + length if bound < 0 else bound, 0), length) for bound in (start, end))
        data = data.narrow(axis, start, end - start)
    return data
