using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Feeds;

[OptionsValidator]
public sealed partial class FeedOptionsValidator : IValidateOptions<FeedOptions>;
