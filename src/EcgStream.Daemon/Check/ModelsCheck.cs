using EcgStream.Inference;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Check;

/// <summary>Loads and warms up every model as the start does, and says where they run.</summary>
internal sealed class ModelsCheck : ISetupCheck
{
    private const string Gpu = "gpu";

    public string Subject => "models";

    public async Task<IReadOnlyList<CheckResult>> RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var options = services.GetRequiredService<IOptions<InferenceOptions>>().Value;
        try
        {
            var batchers = services.GetRequiredService<InferenceEngine>().Batchers;
            return
            [
                .. batchers.Select(batcher => CheckResult.Ok(Subject, $"{batcher.Model.Name} {batcher.Model.Version} runs on {batcher.Status.Device}")),
                .. await Telemetry.GpuReport.LinesAsync(options, batchers.Any(batcher => batcher.Status.Device == "cuda"), cancellation),
            ];
        }
        catch (ModelLoadException refused)
        {
            return [.. refused.Errors.Select(error => CheckResult.Fail(Subject, $"model refused: {error}".ReplaceLineEndings(" ")))];
        }
        catch (InferenceDeviceException refused)
        {
            return [CheckResult.Fail(Gpu, $"setting refused: {refused.Message}")];
        }
    }
}
