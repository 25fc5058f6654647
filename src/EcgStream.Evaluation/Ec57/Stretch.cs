namespace EcgStream.Evaluation.Ec57;

/// <summary>A stretch of a record in samples, both ends included.</summary>
internal readonly record struct Stretch(long Start, long End)
{
    public bool Contains(long at) => Start <= at && at <= End;
}
