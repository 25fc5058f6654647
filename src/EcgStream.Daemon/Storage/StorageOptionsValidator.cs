using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Storage;

[OptionsValidator]
public sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
