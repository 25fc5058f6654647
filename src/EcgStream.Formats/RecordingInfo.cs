using System.Collections.Immutable;
using EcgStream.Core.Signals;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats;

/// <summary>All that is known of a recording besides its samples.</summary>
public sealed record RecordingInfo
{
    /// <summary>Name without folder and extension, the key of label files; the id of a CSV row.</summary>
    public required string Name { get; init; }

    /// <summary>The file that was read; used in refusals.</summary>
    public required string SourcePath { get; init; }

    public RecordingFormat Format { get; init; }

    /// <summary>Samples per second and lead, 100 to 2000.</summary>
    public required double SampleRateHz { get; init; }

    /// <summary>The leads in the order of the samples; no lead twice.</summary>
    public required ImmutableArray<Lead> Leads { get; init; }

    /// <summary>The label that stands in the recording's own row or file; null where there is none.</summary>
    public string? Label { get; init; }

    /// <summary>Comment lines of the file, without their mark.</summary>
    public ImmutableArray<string> Comments { get; init; } = [];

    /// <summary>What the reader took from <see cref="RecordingDefaults"/>, chose or found odd, one sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Annotations in time order; null where the recording came without an annotation file.</summary>
    public ImmutableArray<WfdbAnnotation>? Annotations { get; init; }

    /// <summary>Why an annotation file that is there could not be read; null where it could, or there is none.</summary>
    public RecordingFormatException? AnnotationDamage { get; init; }
}
