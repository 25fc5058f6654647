using EcgStream.Core.Windows;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Pipeline;

/// <summary>The rules between the window settings.</summary>
internal sealed class WindowOptionsRules : IValidateOptions<WindowOptions>
{
    public ValidateOptionsResult Validate(string? name, WindowOptions options) =>
        options.Problems().ToArray() is { Length: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
