using Microsoft.Extensions.Options;

namespace EcgStream.Inference;

/// <summary>Ranges of single settings.</summary>
[OptionsValidator]
public sealed partial class InferenceOptionsValidator : IValidateOptions<InferenceOptions>;
