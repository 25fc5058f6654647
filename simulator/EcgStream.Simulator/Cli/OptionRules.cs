using System.CommandLine;

namespace EcgStream.Simulator.Cli;

/// <summary>Limits on option values.</summary>
internal static class OptionRules
{
    /// <summary>An error of the command line that names option, value and limit, unless the value holds.</summary>
    public static void Require<T>(this Option<T> option, Func<T?, bool> holds, string limit) => option.Validators.Add(result =>
    {
        if (result.Errors.Any())
        {
            return;
        }

        var value = result.GetValueOrDefault<T>();
        if (!holds(value))
        {
            result.AddError(FormattableString.Invariant($"{option.Name} is {value}; it must be {limit}."));
        }
    });
}
