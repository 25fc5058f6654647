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
