using System.Globalization;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;
using EcgStream.Testing.Models;

namespace EcgStream.Functional.Tests.Models;

/// <summary>Ensembles in the whole daemon: generated ones, and every one that ships, fed live beside the models that always run.</summary>
public sealed class OptionalModelTests : IDisposable
{
    private const string TwelveLead = "rhythm-12lead-normal-abnormal";
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "models");
    private readonly string _models = Directory.CreateTempSubdirectory("ecgstream-models-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> ShippedOptional => [.. Names(Path.Combine(Shipped, "optional"))];

    public void Dispose() => Directory.Delete(_models, recursive: true);

    /// <summary>An ensemble of the shipped model with itself says what that model says, window for window.</summary>
    [Fact]
    public async Task Stream_EnsembleOfTheSameModelTwice_SaysWhatTheModelSays()
    {
        CopyShipped(TwelveLead);
        TestModels.WriteCopies(Shipped, TwelveLead, Path.Combine(_models, "optional", "twice"));
        await using var daemon = await TestDaemon.StartAsync(null, $"--Inference:ModelsPath={_models}", "--Inference:OptionalModels=twice");
        var device = new SyntheticDevice("dev-af", new SynthSpec { Rhythm = RhythmKind.AtrialFibrillation, Seed = 13 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 30, end: true, Cancellation);

        var results = await ResultsOfBothAsync(daemon, device, "twice", beats: false);
        var alone = results.Where(result => result.Model == TwelveLead).ToDictionary(result => result.WindowStartUnixNs);
        var twice = results.Where(result => result.Model == "twice").ToList();
        Assert.Equal(21, twice.Count);
        foreach (var result in twice)
        {
            var single = alone[result.WindowStartUnixNs];
            Assert.Equal((single.PredictedIndex, single.Abnormal), (result.PredictedIndex, result.Abnormal));
            for (var label = 0; label < result.Scores.Count; label++)
            {
                // The two models batch for themselves; another batch size may differ in the last bits of a float.
                Assert.Equal(single.Scores[label].Label, result.Scores[label].Label);
                Assert.Equal(single.Scores[label].Score, result.Scores[label].Score, 5e-6f);
            }
        }

        Assert.Empty(daemon.Errors);
    }

    /// <summary>A beat model that decides nothing: its results are there, beat by beat, and no alarm comes of them.</summary>
    [Fact]
    public async Task Stream_OptionalBeatModel_AnswersEveryBeatAndRaisesNothing()
    {
        CopyShipped(TwelveLead);
        TestModels.WriteTianchi(Shipped, Path.Combine(_models, "optional", "always-abnormal"), 4, new float[4], [0, 9, 0, 0]);
        await using var daemon = await TestDaemon.StartAsync(null, $"--Inference:ModelsPath={_models}", "--Inference:OptionalModels=always-abnormal");
        var device = new SyntheticDevice("dev-sinus", new SynthSpec { Seed = 11 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 30, end: true, Cancellation);

        var beats = (await ResultsOfBothAsync(daemon, device, "always-abnormal")).Where(result => result.Model == "always-abnormal").ToList();
        Assert.InRange(beats.Count, 20, 60);
        Assert.All(beats, beat => Assert.Equal((1U, true), (beat.PredictedIndex, beat.Abnormal)));
        var alarms = await new Alerts.AlertsClient(daemon.Channel).ListActiveAsync(new ListActiveRequest(), cancellationToken: Cancellation);
        Assert.DoesNotContain(alarms.Alarms, alarm => alarm.Source.StartsWith("always-abnormal", StringComparison.Ordinal));
        Assert.Empty(daemon.Errors);
    }

    /// <summary>Each optional model that ships, as <c>Inference:OptionalModels</c> names it.</summary>
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(ShippedOptional), DisableDiscoveryEnumeration = true)]
    public async Task Stream_ShippedOptionalModel_AnswersLive(string name)
    {
        await using var daemon = await TestDaemon.StartAsync(null, $"--Inference:OptionalModels={name}");
        var device = new SyntheticDevice("dev-1", new SynthSpec { Rhythm = RhythmKind.PrematureVentricular, PvcPerMinute = 20, Seed = 23 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 30, end: true, Cancellation);

        var results = (await ResultsOfBothAsync(daemon, device, name)).Where(result => result.Model == name).ToList();
        Assert.True(results.Count >= 15, results.Count.ToString(CultureInfo.InvariantCulture));
        Assert.All(results, result => Assert.All(result.Scores, score => Assert.InRange(score.Score, 0, 1)));
        Assert.Empty(daemon.Errors);
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal) : [];

    /// <param name="beats">The last beat's window waits for the beat after it, so a model of beats ends earlier than one of rhythm windows.</param>
    private static async Task<List<RhythmResult>> ResultsOfBothAsync(TestDaemon daemon, SyntheticDevice device, string model, bool beats = true)
    {
        var enough = device.EndUnixNs - (beats ? 3_000_000_000 : 0);
        var events = await Following.ResultsToAsync(daemon.Channel, device.Id, 0, enough, Cancellation, model);
        return [.. events.Select(item => item.Result)];
    }

    private void CopyShipped(string name)
    {
        var target = Directory.CreateDirectory(Path.Combine(_models, name)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Shipped, name)))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }
}
