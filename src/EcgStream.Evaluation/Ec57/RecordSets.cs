using System.Collections.Frozen;

namespace EcgStream.Evaluation.Ec57;

/// <summary>Sets of MIT-BIH records that results are quoted for, by record name.</summary>
internal static class RecordSets
{
    /// <summary>Records with a pacemaker: compared, but in no sum.</summary>
    public static FrozenSet<string> Paced { get; } = FrozenSet.ToFrozenSet(["102", "104", "107", "217"]);

    /// <summary>The training half of de Chazal (2004).</summary>
    public static FrozenSet<string> Ds1 { get; } = FrozenSet.ToFrozenSet(
    [
        "101", "106", "108", "109", "112", "114", "115", "116", "118", "119", "122", "124", "201", "203", "205", "207", "208", "209", "215", "220", "223", "230",
    ]);

    /// <summary>The testing half of de Chazal (2004).</summary>
    public static FrozenSet<string> Ds2 { get; } = FrozenSet.ToFrozenSet(
    [
        "100", "103", "105", "111", "113", "117", "121", "123", "200", "202", "210", "212", "213", "214", "219", "221", "222", "228", "231", "232", "233", "234",
    ]);

    /// <summary>Names as a command line gives them: <c>ds1</c> and <c>ds2</c> stand for their records, commas separate.</summary>
    public static IReadOnlyCollection<string> Names(IEnumerable<string> given) => [.. given.SelectMany(name => name switch
    {
        "ds1" => Ds1,
        "ds2" => Ds2,
        _ => (IEnumerable<string>)name.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    })];
}
