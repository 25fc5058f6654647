using System.CommandLine.Parsing;
using System.Globalization;
using EcgStream.Client.Streaming;
using EcgStream.Core.Signals;
using EcgStream.Simulator.Synth;

namespace EcgStream.Simulator.Cli;

/// <summary>Reads option values; what cannot be read becomes an error of the command line that names the value and what is allowed.</summary>
internal static class CliParsers
{
    public static StreamEndpoint? Endpoint(ArgumentResult argument)
    {
        if (StreamEndpoint.TryParse(Text(argument), out var endpoint, out var problem))
        {
            return endpoint;
        }

        argument.AddError(problem + ".");
        return null;
    }

    public static StreamEndpoint? GrpcEndpoint(ArgumentResult argument)
    {
        var endpoint = Endpoint(argument);
        if (endpoint is { Transport: not StreamTransport.Grpc })
        {
            argument.AddError($"'{endpoint}' must be a grpc:// address.");
        }

        return endpoint;
    }

    /// <summary>A factor, or "max" as infinity.</summary>
    public static double Speed(ArgumentResult argument)
    {
        var text = Text(argument);
        if (text.Equals("max", StringComparison.OrdinalIgnoreCase))
        {
            return double.PositiveInfinity;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && factor is > 0 and <= 10_000)
        {
            return factor;
        }

        argument.AddError($"'{text}' is no speed; it is max, or a factor above 0 and up to 10000.");
        return 1;
    }

    public static RhythmKind Rhythm(string text) => text.ToUpperInvariant() switch
    {
        "SINUS" => RhythmKind.Sinus,
        "BRADY" => RhythmKind.Bradycardia,
        "TACHY" => RhythmKind.Tachycardia,
        "AF" => RhythmKind.AtrialFibrillation,
        "PVC" => RhythmKind.PrematureVentricular,
        "ASYSTOLE" => RhythmKind.Asystole,
        "VF" => RhythmKind.VentricularFibrillation,
        _ => throw new FormatException($"'{text}' is no rhythm; sinus, brady, tachy, af, pvc, asystole and vf are known."),
    };

    public static RhythmKind[] Rhythms(ArgumentResult argument)
    {
        try
        {
            return [.. argument.Tokens.SelectMany(token => token.Value.Split(',')).Select(Rhythm)];
        }
        catch (FormatException error)
        {
            argument.AddError(error.Message);
            return [];
        }
    }

    /// <summary>Names of leads separated by commas or blanks; 1 = II, 12 = the standard twelve.</summary>
    public static IReadOnlyList<Lead> Leads(ArgumentResult argument)
    {
        var text = Text(argument);
        switch (text)
        {
            case "1":
                return [Lead.II];
            case "12":
                return LeadNames.StandardTwelve;
        }

        var leads = new List<Lead>();
        foreach (var name in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!LeadNames.TryParse(name, out var lead))
            {
                argument.AddError($"'{name}' is no lead; known are {string.Join(' ', Enum.GetValues<Lead>().Where(known => known != Lead.None).Select(known => known.Name()))}.");
                return [];
            }

            leads.Add(lead);
        }

        if (leads.Count == 0 || leads.Distinct().Count() != leads.Count)
        {
            argument.AddError($"'{text}' must name at least one lead, none twice.");
        }

        return leads;
    }

    private static string Text(ArgumentResult argument) => argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
}
