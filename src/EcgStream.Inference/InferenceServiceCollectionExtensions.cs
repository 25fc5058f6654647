using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EcgStream.Inference;

public static class InferenceServiceCollectionExtensions
{
    /// <summary>
    /// Adds the models. Call it after the stages that take results (<see cref="Core.Results.IResultSink"/>) and before those that cut windows:
    /// a stop then drains from windows to results. A stage that cuts windows asks for <see cref="InferenceEngine"/>.
    /// </summary>
    public static IServiceCollection AddEcgInference(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<InferenceOptions>().Bind(configuration.GetSection(InferenceOptions.SectionName))
            .Configure(options => options.OptionalModels = NamesOf(configuration.GetSection($"{InferenceOptions.SectionName}:{nameof(InferenceOptions.OptionalModels)}"), options.OptionalModels))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<InferenceOptions>, InferenceOptionsValidator>();
        services.AddSingleton<IValidateOptions<InferenceOptions>, InferenceOptionsRules>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<InferenceMetrics>();
        services.AddSingleton<InferenceEngine>();
        services.AddHostedService(provider => provider.GetRequiredService<InferenceEngine>());
        services.AddHealthChecks().AddCheck<InferenceHealthCheck>("inference");
        return services;
    }

    // A command line or an environment has one text where a file has a list.
    private static IReadOnlyList<string> NamesOf(IConfigurationSection section, IReadOnlyList<string> bound) => section.Value is { } text
        ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : bound;
}
