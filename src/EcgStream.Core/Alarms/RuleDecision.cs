namespace EcgStream.Core.Alarms;

/// <summary>What a rule decided; <c>default</c> is nothing new, which costs no allocation.</summary>
/// <param name="OnsetUnixNs">Device clock, start of the condition; read for <see cref="RuleSignal.Begin"/> only.</param>
/// <param name="EventUnixNs">Device clock of the deciding sample.</param>
/// <param name="Text">Short text for people, without the priority's mark.</param>
/// <param name="Source">Rule or model.</param>
/// <param name="Unit">UCUM unit of <paramref name="Value"/>.</param>
public readonly record struct RuleDecision(
    RuleSignal Signal,
    AlarmPriority Priority,
    long OnsetUnixNs,
    long EventUnixNs,
    string Text,
    string Source,
    double Value,
    string Unit);
