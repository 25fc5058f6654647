using EcgStream.Daemon.Feeds;
using EcgStream.Daemon.Supervision;
using EcgStream.Protocol.V1;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// Lets each <see cref="IAlarmPublisher"/> follow the alarms, each after its own durable cursor: what was decided
/// before a crash and not handed over yet is handed over after it. A publisher that is new begins with this process.
/// </summary>
internal sealed class AlarmPublication : SupervisedService
{
    private readonly AlarmEngine _engine;
    private readonly AlarmFollower[] _followers;
    private readonly AlarmEngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<AlarmPublication> _log;

    public AlarmPublication(
        AlarmEngine engine, IEnumerable<IAlarmPublisher> publishers, IPublicationStore store,
        CursorFeed<AlarmEvent> feed, AlarmMetrics metrics, IOptions<AlarmEngineOptions> options,
        StageSupervision supervision, ILogger<AlarmPublication> log)
        : base("alarm-publication", supervision)
    {
        (_engine, _options, _clock, _log) = (engine, options.Value, supervision.Clock, log);
        _followers = [.. publishers.Select(
            publisher => new AlarmFollower(publisher, store, feed, metrics, _options, _clock, log))];
    }

    /// <summary>Publishers whose other end refuses transitions now, with the reason.</summary>
    public IEnumerable<string> Refusals => _followers
        .Where(follower => follower.Refusal is not null)
        .Select(follower => $"{follower.Publisher} refuses alarms: {follower.Refusal}");

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_followers.Select(follower => follower.StopAsync()));
    }

    public override void Dispose()
    {
        Array.ForEach(_followers, follower => follower.Dispose());
        base.Dispose();
    }

    // Not the feed's cursor of now: this begins on another thread, after the engine may have decided something.
    protected override Task RunAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_followers.Select(follower => FollowAsync(follower, _engine.StartCursor, stoppingToken)));

    private async Task FollowAsync(AlarmFollower follower, ulong start, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await follower.RunAsync(start, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A store that fails now may work later; the publisher resumes after what it has.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                AlarmLog.FeedFaulted(_log, fault, _options.RetryDelayLimit);
                await Task.Delay(_options.RetryDelayLimit, _clock, stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
