using System.Runtime.InteropServices;
using EcgStream.Core.Batching;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using EcgStream.Inference.Tests.Support;
using Microsoft.Extensions.Logging;
using Loader = EcgStream.Inference.Tests.Support.Sessions;

namespace EcgStream.Inference.Tests.Models;

public sealed class ModelRepositoryTests
{
    [Fact]
    public void Load_SeveralModels_AllOfThemInTheOrderOfTheirNames()
    {
        using var folder = new ModelFolder()
            .Add(CardText.Card(name: "second"), CardText.Model())
            .Add(CardText.Card(name: "first"), CardText.Model());
        var models = Loader.Load(folder);
        Assert.Equal(["first", "second"], models.Select(model => model.Identity.Name));
        Assert.All(models, model => Assert.Equal("cpu", model.Device));
        Assert.All(models, model => model.Dispose());
    }

    [Fact]
    public void Load_SeveralThatAreWrong_AllErrorsAreToldAtOnce()
    {
        using var folder = new ModelFolder()
            .Add(CardText.Card(), CardText.Model())
            .Add(CardText.Card(CardText.Model(samples: 1000), "shape"), CardText.Model(samples: 1000))
            .Add(CardText.Card(CardText.Model(""), "logits"), CardText.Model(""))
            .Add(CardText.Card(name: "hash"), CardText.Model("Sigmoid"))
            .Add(CardText.Card([1, 2, 3], "garbage"), [1, 2, 3])
            .Add(CardText.Card(name: "renamed"), CardText.Model(), "folder");
        Directory.CreateDirectory(Path.Combine(folder.Path, "empty"));
        var errors = Assert.Throws<ModelLoadException>(() => Loader.Load(folder)).Errors;
        Assert.Equal(
            ["empty/card.json $", "folder/card.json $.name", "garbage/model.onnx $", "hash/card.json $.provenance.sha256", "logits/card.json $.output.kind", "shape/card.json $.input"],
            errors.Select(error => $"{error.File} {error.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_NoFolderOrNoModel_StopsTheStart()
    {
        using var folder = new ModelFolder();
        Assert.Contains("no model", Assert.Throws<ModelLoadException>(() => Loader.Load(folder)).Message, StringComparison.Ordinal);
        var missing = new ModelRepository(Path.Combine(folder.Path, "none"), new OnnxSessionFactory(Loader.Cpu, new ListLogger<OnnxSessionFactory>()));
        Assert.Contains("no such folder", Assert.Throws<ModelLoadException>(() => missing.Load(BatchSizes.PowersOfTwo(1), [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AutoWithoutCuda_FallsBackToTheCpuAndSaysWhyOnce()
    {
        SkipWithCuda();
        using var folder = new ModelFolder()
            .Add(CardText.Card(name: "first"), CardText.Model())
            .Add(CardText.Card(name: "second"), CardText.Model());
        var log = new ListLogger<OnnxSessionFactory>();
        var models = Loader.Load(folder, options: new InferenceOptions { Device = InferenceDevice.Auto }, log: log);
        Assert.All(models, model => Assert.Equal("cpu", model.Device));
        var line = Assert.Single(log.Lines);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains("no NVIDIA driver is installed", line.Text, StringComparison.Ordinal);
        Assert.All(models, model => model.Dispose());
    }

    [Fact]
    public void Load_CudaThatCannotBeHad_StopsTheStartAndSaysWhatToDo()
    {
        SkipWithCuda();
        using var folder = new ModelFolder().Add(CardText.Card(), CardText.Model());
        var fault = Assert.Throws<EcgStream.Inference.Sessions.InferenceDeviceException>(() => Loader.Load(folder, options: new InferenceOptions { Device = InferenceDevice.Cuda }));
        Assert.Contains("Inference:Device is cuda, but CUDA cannot be had: no NVIDIA driver is installed", fault.Message, StringComparison.Ordinal);
    }

    private static void SkipWithCuda() => Assert.SkipWhen(NativeLibrary.TryLoad("libcuda.so.1", out _), "This machine has an NVIDIA driver");
}
