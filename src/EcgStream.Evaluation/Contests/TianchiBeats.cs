using EcgStream.Formats;
using EcgStream.Formats.Csv;

namespace EcgStream.Evaluation.Contests;

/// <summary>The rows of the contest's <c>train.csv</c> and <c>testA.csv</c>: 205 values each, taken as they are.</summary>
internal static class TianchiBeats
{
    /// <exception cref="RecordingFormatException">A row that is none, with file and line; an id that comes twice.</exception>
    public static IReadOnlyList<(string Id, float[] Values)> Read(string path)
    {
        var rows = new List<(string, float[])>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in ListCsvReader.ReadRows(path))
        {
            if (!lines.TryAdd(row.Id, row.Line))
            {
                throw new RecordingFormatException(RecordingFault.Ambiguous, path, $"line {row.Line}", $"id '{row.Id}' stands in line {lines[row.Id]} already");
            }

            var values = ListCsvReader.ParseValues(path, row);
            if (values.Length != ContestModel.TianchiValues)
            {
                throw new RecordingFormatException(RecordingFault.Shape, path, $"line {row.Line}", $"{values.Length} values, the contest's beats have {ContestModel.TianchiValues}");
            }

            int odd = Array.FindIndex(values, value => !(Math.Abs(value) <= Recording.MaxMillivolts));
            if (odd >= 0)
            {
                throw new RecordingFormatException(
                    RecordingFault.SampleValue,
                    path,
                    FormattableString.Invariant($"line {row.Line}, id {row.Id}, value {odd + 1}"),
                    FormattableString.Invariant($"{values[odd]} is no sample; numbers up to {Recording.MaxMillivolts} are"));
            }

            rows.Add((row.Id, Array.ConvertAll(values, value => (float)value)));
        }

        return rows.Count > 0 ? rows : throw new RecordingFormatException(RecordingFault.Truncated, path, "", "holds no row");
    }
}
