using System.Globalization;
using System.Text;

namespace EcgStream.Faults;

/// <summary>A long quiet run: the books balance as ever, and the daemon's memory stays flat.</summary>
internal static class Soak
{
    /// <summary>Mean of the last quarter over that of the second; design.md allows a tenth.</summary>
    private const double MostGrowth = 1.10;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    /// <summary>Samples resident memory for so long.</summary>
    /// <returns>Mebibytes, one each 10 s.</returns>
    public static async Task<List<double>> WatchAsync(Round round, int seconds)
    {
        List<double> resident = [];
        for (var second = 0; second < seconds; second += (int)Between.TotalSeconds)
        {
            await Task.Delay(Between);
            resident.Add(round.Daemon.ResidentMebibytes());
            if (resident.Count % 30 == 0)
            {
                Run.Say(string.Create(CultureInfo.InvariantCulture, $"  {resident[^1]:0} MiB after {resident.Count * Between.TotalMinutes:0} min"));
            }
        }

        return resident;
    }

    public static double Growth(List<double> resident)
    {
        var quarter = resident.Count / 4;
        return quarter == 0 ? double.NaN : resident[^quarter..].Average() / resident[quarter..(2 * quarter)].Average();
    }

    /// <summary>Null while memory is flat.</summary>
    public static string? Problem(List<double> resident) => Growth(resident) is var growth && growth <= MostGrowth
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"resident memory of the last quarter is {growth:0.00} x that of the second, allowed is {MostGrowth:0.00}");

    /// <summary>Memory over time as an SVG of 800 by 240.</summary>
    public static string Plot(List<double> resident)
    {
        var most = resident.Max() * 1.1;
        var points = new StringBuilder();
        for (var at = 0; at < resident.Count; at++)
        {
            points.Append(CultureInfo.InvariantCulture, $"{40 + (750.0 * at / Math.Max(1, resident.Count - 1)):0.0},{220 - (200 * resident[at] / most):0.0} ");
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 240" font-family="sans-serif" font-size="11">
              <rect width="800" height="240" fill="white"/>
              <path d="M40 20V220H790" fill="none" stroke="black"/>
              <text x="2" y="24">{most:0} MiB</text><text x="740" y="236">{resident.Count * Between.TotalMinutes:0} min</text>
              <polyline points="{points.ToString().TrimEnd()}" fill="none" stroke="steelblue"/>
            </svg>

            """);
    }
}
