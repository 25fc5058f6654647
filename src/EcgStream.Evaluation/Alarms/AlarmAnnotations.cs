using EcgStream.Core.Alarms;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Alarms;

/// <summary>What was told on a record as WFDB annotations: a note where an alarm was raised, and one where it ended, with its text.</summary>
internal static class AlarmAnnotations
{
    public const string Extension = "alm";

    private const int MostText = 200;

    public static void Write(string folder, AlarmOutcome outcome, double sampleRateHz, int sampleCount)
    {
        var notes = outcome.Transitions
            .Where(told => told.Transition is AlarmTransition.Raised or AlarmTransition.Latched or AlarmTransition.Cleared)
            .Select(told => new WfdbAnnotation(
                Math.Clamp((long)Math.Round(told.Seconds * sampleRateHz), 0, sampleCount - 1), WfdbAnnotationCode.Comment,
                Auxiliary: Text(told.Transition == AlarmTransition.Raised ? told.Message : "ends: " + told.Message)))
            .OrderBy(note => note.SampleIndex);
        WfdbAnnotationWriter.Write(Path.Combine(folder, $"{outcome.Alarm.Record}.{Extension}"), [.. notes]);
    }

    private static string Text(string message) => message.Length <= MostText ? message : message[..MostText];
}
