namespace EcgStream.Formats.Csv;

/// <summary>One row of a CSV with a column of value lists.</summary>
/// <param name="Line">Line of the file at which the row starts, from 1.</param>
/// <param name="Id">Content of the id column.</param>
/// <param name="Values">The list, still text.</param>
/// <param name="Label">Content of the label column; null where the file has none.</param>
public sealed record ListCsvRow(int Line, string Id, string Values, string? Label);
