using System.Diagnostics.Metrics;
using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Inference.Models;
using EcgStream.Inference.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EcgStream.Inference.Tests;

/// <summary>The stage as the daemon puts it together: configuration, real models, host.</summary>
public sealed class InferenceEngineTests
{
    [Fact]
    public async Task Host_TwoModels_EachGivesResultsForItsWindows()
    {
        using var folder = new ModelFolder()
            .Add(CardText.Card(name: "first"), CardText.Model())
            .Add(CardText.Card(name: "second"), CardText.Model());
        var sink = new CollectingSink();
        var counted = new Dictionary<string, long>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, own) => { if (instrument.Name == "ecg.inference.windows") { own.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            lock (counted)
            {
                Assert.Equal(1, tags.Length);
                counted[(string)tags[0].Value!] = counted.GetValueOrDefault((string)tags[0].Value!) + value;
            }
        });
        listener.Start();
        using var host = Build(folder.Path, sink, ("Inference:MaxDelay", "00:00:00.005"));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var engine = host.Services.GetRequiredService<InferenceEngine>();
        Assert.Equal(["first", "second"], engine.Batchers.Select(batcher => batcher.Model.Name));
        foreach (var batcher in engine.Batchers)
        {
            for (var index = 0; index < 3; index++)
            {
                var window = batcher.Pool.TryRent()!;
                window.Input.Span.Fill(index);
                window.Describe("bed", 1, index, index + 1, WindowMarks.None, 0);
                Assert.True(batcher.TryEnqueue(window));
            }
        }

        await sink.WaitForAsync(6);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Healthy, health.Status);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["first", "first", "first", "second", "second", "second"], sink.Results.Select(result => result.Model.Name).Order());
        Assert.True(counted["first"] >= 3 && counted["second"] >= 3);
    }

    [Fact]
    public async Task Host_WrongCard_DoesNotStart()
    {
        var card = CardText.Card();
        card["input"]!["samples"] = 1000;
        using var folder = new ModelFolder().Add(card, CardText.Model());
        using var host = Build(folder.Path, new CollectingSink());
        await Assert.ThrowsAsync<ModelLoadException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>As a list, and as the one text that a command line or an environment can hold.</summary>
    [Theory]
    [InlineData("Inference:OptionalModels:0=vote;Inference:OptionalModels:1=other")]
    [InlineData("Inference:OptionalModels=other, vote")]
    public async Task Host_OptionalModels_AreRunBesideTheOthers(string settings)
    {
        var spec = new EnsembleSpec
        {
            Labels = 2, Members = [([1, 0, 0, 1], [0, 0]), ([0, 1, 1, 0], [0.5f, 0])], Vote = new System.Text.Json.Nodes.JsonObject { ["kind"] = "mean" },
        };
        using var folder = spec.Write(spec.Write(spec.Write(new ModelFolder(), "optional/vote"), "optional/other"), "optional/unnamed").Add(CardText.Card(), CardText.Model());
        var sink = new CollectingSink();
        using var host = Build(folder.Path, sink, [("Inference:MaxDelay", "00:00:00.005"), .. settings.Split(';').Select(setting => (setting.Split('=')[0], setting.Split('=')[1]))]);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var engine = host.Services.GetRequiredService<InferenceEngine>();
        Assert.Equal([CardText.Name, "other", "vote"], engine.Batchers.Select(batcher => batcher.Model.Name));
        var window = engine.Batchers[2].Pool.TryRent()!;
        window.Input.Span.Fill(0.5f);
        window.Describe("bed", 1, 1, 2, WindowMarks.None, 0);
        Assert.True(engine.Batchers[2].TryEnqueue(window));
        await sink.WaitForAsync(1);
        await host.StopAsync(TestContext.Current.CancellationToken);
        var expected = spec.Expected(Enumerable.Repeat(0.5f, CardText.Leads * CardText.Samples).ToArray());
        Assert.Equal(expected[1], Assert.Single(sink.Results).Scores[1], 1e-5);
    }

    [Fact]
    public async Task Host_OptionalModelThatIsNotThere_DoesNotStartAndSaysWhatIs()
    {
        using var folder = new ModelFolder().Add(CardText.Card(), CardText.Model());
        using var host = Build(folder.Path, new CollectingSink(), ("Inference:OptionalModels", "vote"));
        var fault = await Assert.ThrowsAsync<ModelLoadException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Inference:OptionalModels: $: \"vote\"; expected none, for none is there", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Inference:MaxBatch", "0", "MaxBatch")]
    [InlineData("Inference:MaxBatch", "4096", "MaxBatch")]
    [InlineData("Inference:QueueCapacity", "8", "Inference:QueueCapacity is 8")]
    [InlineData("Inference:MaxDelay", "00:01:00", "MaxDelay")]
    [InlineData("Inference:BatchSizes:0", "64", "Inference:BatchSizes ends with 64")]
    [InlineData("Inference:Device", "7", "Inference:Device is 7")]
    public async Task Host_SettingOutOfRange_DoesNotStartAndNamesIt(string key, string value, string named)
    {
        using var folder = new ModelFolder().Add(CardText.Card(), CardText.Model());
        using var host = Build(folder.Path, new CollectingSink(), (key, value));
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    private static IHost Build(string models, CollectingSink sink, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration["Inference:Device"] = "cpu";
        builder.Configuration["Inference:ModelsPath"] = models;
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddLogging();
        builder.Services.AddSingleton<IResultSink>(sink);
        builder.Services.AddEcgInference(builder.Configuration);
        return builder.Build();
    }
}
