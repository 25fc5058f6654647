namespace EcgStream.Core.Batching;

/// <summary>What to do with the windows that wait.</summary>
/// <param name="SendNow">Run them now.</param>
/// <param name="Wait">Otherwise: how long to wait at most before deciding again; <see cref="Timeout.InfiniteTimeSpan"/> when none waits.</param>
public readonly record struct BatchDecision(bool SendNow, TimeSpan Wait);
