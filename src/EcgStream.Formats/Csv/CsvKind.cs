namespace EcgStream.Formats.Csv;

/// <summary>What the header of a CSV file says that it is.</summary>
internal enum CsvKind
{
    Other,
    List,
    Leads,
}
