namespace EcgStream.Daemon.Check;

/// <summary>Looks at one part of the set-up. It changes nothing that stays.</summary>
internal interface ISetupCheck
{
    string Subject { get; }

    /// <param name="services">The daemon's services, built but not started. Options that are out of their limits throw when they are asked for.</param>
    /// <returns>One line at least.</returns>
    Task<IReadOnlyList<CheckResult>> RunAsync(IServiceProvider services, CancellationToken cancellation);
}
