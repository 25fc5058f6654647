using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Journal;

[OptionsValidator]
public sealed partial class JournalOptionsValidator : IValidateOptions<JournalOptions>;
