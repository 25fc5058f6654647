using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EcgStream.Formats;

namespace EcgStream.CommandLine;

/// <summary>The options of every command that reads recordings; compiled into each command line, which know nothing of each other.</summary>
internal sealed class RecordingOptions
{
    private readonly Option<double?> _rate = new("--fs")
    {
        Description = "Samples per second of files that do not state it, 100 to 2000. Default: 500. A file that states another rate is refused.",
    };

    private readonly Option<LeadAssignment?> _lead = new("--lead")
    {
        Description = "Leads that a file does not name, or not by a known name: in order (II,V1; - leaves a signal out; 12 = the standard twelve) "
            + "or by name or number (ECG1=II,#2=V5). Default: known names; one or two signals without a place are read as ECG and ECG2; the standard twelve for matrices of 12.",
        CustomParser = Lead,
    };

    private readonly Option<PhysicalUnit?> _unit = new("--unit")
    {
        Description = "Unit of MAT and CSV samples: mV, uV, V, or auto for the one that makes them a heart's size. Default: the file's own, else mV.",
        CustomParser = Unit,
    };

    private readonly Option<StatedGain?> _gain = new("--gain")
    {
        Description = "LSB per mV of digital samples, with the value of 0 mV in brackets where it is not 0: 200 or 200(1024). Wins over a WFDB header. Default: the header's, else WFDB's 200.",
        CustomParser = Gain,
    };

    private readonly Option<MissingSamplePolicy> _missing = new("--missing")
    {
        Description = "What becomes of a recording with missing samples: refuse, or keep, with the leads off there.",
    };

    private readonly Option<string?> _variable = new("--variable") { Description = "The variable of a MAT file that holds the samples, as ECG.data. Default: found by name and size." };

    private readonly RecordingDefaults _defaults;

    /// <param name="command">Gets the options.</param>
    /// <param name="defaults">What holds where an option is not given.</param>
    public RecordingOptions(Command command, RecordingDefaults defaults)
    {
        _defaults = defaults;
        _missing.DefaultValueFactory = _ => defaults.MissingSamples;
        foreach (var option in new Option[] { _rate, _lead, _unit, _gain, _missing, _variable })
        {
            command.Add(option);
        }

        _rate.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<double?>() is { } rate and not (>= 100 and <= 2000))
            {
                result.AddError(FormattableString.Invariant($"--fs is {rate}; it must be 100 to 2000."));
            }
        });
    }

    public RecordingDefaults Read(ParseResult parsed) => _defaults with
    {
        SampleRateHz = parsed.GetValue(_rate) ?? _defaults.SampleRateHz,
        Leads = parsed.GetValue(_lead) ?? _defaults.Leads,
        Unit = parsed.GetValue(_unit) ?? _defaults.Unit,
        Gain = parsed.GetValue(_gain) ?? _defaults.Gain,
        MissingSamples = parsed.GetValue(_missing),
        Variable = parsed.GetValue(_variable) ?? _defaults.Variable,
    };

    private static LeadAssignment? Lead(ArgumentResult argument)
    {
        if (!LeadAssignment.TryParse(Text(argument), out var leads, out var problem))
        {
            argument.AddError($"--lead: {problem}.");
        }

        return leads;
    }

    private static PhysicalUnit? Unit(ArgumentResult argument)
    {
        var text = Text(argument);
        if (PhysicalUnits.TryParse(text, out var unit) || text.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            return unit;
        }

        argument.AddError($"--unit is '{text}'; it must be mV, uV, V or auto.");
        return null;
    }

    private static StatedGain? Gain(ArgumentResult argument)
    {
        if (StatedGain.TryParse(Text(argument), out var gain))
        {
            return gain;
        }

        argument.AddError(string.Create(CultureInfo.InvariantCulture, $"--gain is '{Text(argument)}'; it must be LSB per mV above 0, as 200 or 200(1024)."));
        return null;
    }

    private static string Text(ArgumentResult argument) => argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
}
