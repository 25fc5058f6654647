using System.Diagnostics;
using System.Text.Json;
using EcgStream.Core.Batching;
using EcgStream.Core.Signals;
using EcgStream.Inference;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using EcgStream.Testing.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgStream.Benchmarks.Ensembles;

/// <summary>
/// What an ensemble costs over its members one after the other, each loaded by itself and given the same windows: six copies of a shipped model. The two take
/// turns, and the median of the ratios of processor time counts.
/// </summary>
internal static class EnsembleOverhead
{
    private const string Model = "rhythm-1lead-af";
    private const int Members = 6;
    private const int Batch = 32;

    public static int Run(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("ecgstream-bench-").FullName;
        try
        {
            return Measure(rounds, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Measure(int rounds, string folder)
    {
        var models = Path.Combine(AppContext.BaseDirectory, "models");
        TestModels.WriteCopies(models, Model, Path.Combine(folder, "copies"), Members);
        var options = new InferenceOptions { Device = InferenceDevice.Cpu, IntraOpThreads = 1 };
        var repository = new ModelRepository(models, new OnnxSessionFactory(options, NullLogger<OnnxSessionFactory>.Instance));
        var sizes = BatchSizes.Of([1, Batch]);
        using var ensemble = repository.LoadOne(Path.Combine(folder, "copies"), sizes, MonitoringBand.Sections);
        var alone = Enumerable.Range(0, Members).Select(_ => repository.LoadOne(Model, sizes, MonitoringBand.Sections)).ToArray();
        var window = new float[ensemble.Recipe.InputLength];
        Array.Fill(window, 0.5f);
        Each(alone, window);
        Each([ensemble], window);

        var (apart, together, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var ensembleFirst = round % 2 == 0;
            var first = Time(ensembleFirst ? [ensemble] : alone, window);
            var second = Time(ensembleFirst ? alone : [ensemble], window);
            var (ofAlone, ofEnsemble) = ensembleFirst ? (second, first) : (first, second);
            apart.Add(ofAlone);
            together.Add(ofEnsemble);
            ratios.Add(ofEnsemble / ofAlone);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Each([ensemble], window);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before - ArrayOfOneBytes();
        var report = new
        {
            benchmark = "ensemble",
            rounds,
            members = Members,
            batch = Batch,
            membersAloneMs = Math.Round(1000 * Median(apart), 2),
            ensembleMs = Math.Round(1000 * Median(together), 2),
            overheadPercent = Math.Round(100 * (Median(ratios) - 1), 2),
            overheadBudgetPercent = Budgets.Of("ensemble.overheadPercent"),
            allocatedBytesPerRun = allocated,
            allocatedBytesPerRunBudget = Budgets.Of("ensemble.allocatedBytesPerRun"),
        };
        Console.WriteLine(JsonSerializer.Serialize(report));
        Array.ForEach(alone, model => model.Dispose());
        return report.overheadPercent <= report.overheadBudgetPercent && report.allocatedBytesPerRun <= report.allocatedBytesPerRunBudget ? 0 : 1;
    }

    private static double Time(IBatchClassifier[] classifiers, float[] window)
    {
        // The processor time of this process: a busy machine does not stretch it. The session has one thread, which is this one.
        var started = Environment.CpuUsage.TotalTime;
        for (var round = 0; round < 3; round++)
        {
            Each(classifiers, window);
        }

        return (Environment.CpuUsage.TotalTime - started).TotalSeconds / 3;
    }

    private static void Each(IBatchClassifier[] classifiers, float[] window)
    {
        foreach (var classifier in classifiers)
        {
            for (var row = 0; row < Batch; row++)
            {
                classifier.Load(row, window);
            }

            classifier.Run(Batch);
        }
    }

    private static long ArrayOfOneBytes()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(new IBatchClassifier[1]);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
