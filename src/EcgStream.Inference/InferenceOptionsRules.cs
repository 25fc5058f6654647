using EcgStream.Core.Batching;
using Microsoft.Extensions.Options;

namespace EcgStream.Inference;

/// <summary>What settings must be to one another.</summary>
public sealed class InferenceOptionsRules : IValidateOptions<InferenceOptions>
{
    public ValidateOptionsResult Validate(string? name, InferenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        if (options.QueueCapacity < options.MaxBatch)
        {
            faults.Add($"Inference:QueueCapacity is {options.QueueCapacity}; it must hold a full batch, Inference:MaxBatch = {options.MaxBatch}");
        }

        if (options.MaxReloadDelay < options.ReloadDelay)
        {
            faults.Add($"Inference:MaxReloadDelay is {options.MaxReloadDelay}; it must be at least Inference:ReloadDelay = {options.ReloadDelay}");
        }

        if (options.BatchSizes.Count > 0)
        {
            try
            {
                if (BatchSizes.Of(options.BatchSizes).Largest != options.MaxBatch)
                {
                    faults.Add($"Inference:BatchSizes ends with {options.BatchSizes[^1]}; it must end with Inference:MaxBatch = {options.MaxBatch}");
                }
            }
            catch (ArgumentException refused)
            {
                faults.Add($"Inference:BatchSizes: {refused.Message}");
            }
        }

        if (!Enum.IsDefined(options.Device))
        {
            faults.Add($"Inference:Device is {options.Device}; it must be auto, cpu or cuda");
        }

        if (!Enum.IsDefined(options.WhenFull))
        {
            faults.Add($"Inference:WhenFull is {options.WhenFull}; it must be DropOldest or DropNewest");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
