namespace EcgStream.Evaluation.Contests;

/// <summary>Whose files are read and written.</summary>
internal enum ContestFormat
{
    /// <summary>Tianchi heartbeats: one beat of 205 values a row, four probabilities a row.</summary>
    Tianchi,

    /// <summary>AIWIN 2021: a folder of 12-lead MAT files; task 1 normal or abnormal, task 2 twelve labels.</summary>
    Aiwin,

    /// <summary>First China ECG Intelligence Competition, preliminary round: a folder of 12-lead MAT files, normal or abnormal.</summary>
    China,
}
