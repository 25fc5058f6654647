using System.Diagnostics;
using EcgStream.Core.Results;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Alarms.Limits;
using EcgStream.Daemon.Feeds;
using EcgStream.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using AlarmEvent = EcgStream.Protocol.V1.AlarmEvent;

namespace EcgStream.Daemon.Tests.Alarms;

/// <summary>The alarm stage as the host builds it, on a manual clock and a journal that outlives it.</summary>
internal sealed class EngineBench : IAsyncDisposable
{
    public const uint Leads = (1u << (int)Lead.I) | (1u << (int)Lead.II);
    public const ulong Session = 7;

    private static readonly ModelIdentity Model = new("m", "1", [new("NSR", null, false), new("AF", null, true)]);
    private readonly IAlarmJournal _journal;
    private readonly ServiceProvider _services;
    private readonly IHostedService[] _hosted;
    private bool _stopped;

    private EngineBench(
        IAlarmJournal journal, ManualTimeProvider clock, Dictionary<string, string?> settings,
        IAlarmPublisher? publisher, ILimitStore limits, IPublicationStore publications)
    {
        LimitStore = limits;
        _journal = journal;
        Clock = clock;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(journal);
        services.AddSingleton(limits);
        services.AddSingleton(publications);
        if (publisher is not null)
        {
            services.AddSingleton(publisher);
        }

        services.AddEcgAlarms(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        _services = services.BuildServiceProvider(validateScopes: true);
        _hosted = [.. _services.GetServices<IHostedService>()];
        Engine = _services.GetRequiredService<AlarmEngine>();
        Feed = _services.GetRequiredService<CursorFeed<AlarmEvent>>();
    }

    /// <summary>The journal, where it is the one in memory.</summary>
    public MemoryAlarmJournal Journal => (MemoryAlarmJournal)_journal;

    public ManualTimeProvider Clock { get; }

    public AlarmEngine Engine { get; }

    public CursorFeed<AlarmEvent> Feed { get; }

    /// <summary>Outlives a restart, as the journal does.</summary>
    public ILimitStore LimitStore { get; }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public static async Task<EngineBench> StartAsync(
        IAlarmJournal? journal = null, ManualTimeProvider? clock = null, IAlarmPublisher? publisher = null, Func<EngineBench, Task>? beforePublication = null,
        ILimitStore? limits = null, IPublicationStore? publications = null,
        params (string Key, string Value)[] settings)
    {
        var bench = new EngineBench(
            journal ?? new MemoryAlarmJournal(), clock ?? new ManualTimeProvider(),
            settings.ToDictionary(s => s.Key, s => (string?)s.Value), publisher, limits ?? new MemoryLimitStore(),
            publications ?? new MemoryPublicationStore());
        foreach (var hosted in bench._hosted)
        {
            if (hosted is AlarmPublication && beforePublication is not null)
            {
                await beforePublication(bench);
            }

            await hosted.StartAsync(CancellationToken.None);
        }

        return bench;
    }

    public static long At(double seconds) => 1_700_000_000_000_000_000 + (long)Math.Round(seconds * 1e9);

    public void Status(string device, double time, double? qrs, uint leadsOff = 0, bool replayed = false) => Engine.OnStatus(
        new SignalStatus(device, Session, At(time), qrs is { } q ? At(q) : null, At(0), null, leadsOff, Leads, Clock.GetTimestamp()), replayed);

    public void Result(string device, double end, bool abnormal) => Engine.OnResult(new RhythmResult(
        device, Session, Model, At(end - 10), At(end), [0.1f, 0.9f], abnormal ? 1 : 0, abnormal, abnormal ? 0.9f : 0.1f, WindowMarks.None, Clock.GetTimestamp(), Clock.GetTimestamp()));

    /// <summary>Asystole: a QRS, then four seconds without.</summary>
    public void StandStill(string device, double from)
    {
        Status(device, from, from);
        Status(device, from + 4, from);
    }

    /// <summary>Three QRS: asystole ends.</summary>
    public void Recover(string device, double from)
    {
        for (var i = 0; i < 3; i++)
        {
            Status(device, from + i, from + i);
        }
    }

    /// <summary>Waits until so many transitions were published in all; returns those after a cursor.</summary>
    public async Task<List<AlarmEvent>> PublishedAsync(int upTo, ulong after = 0)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var got = new List<AlarmEvent>();
        if (after < (ulong)upTo)
        {
            await foreach (var transition in Feed.ReadAsync(after, patience.Token))
            {
                got.Add(transition);
                if (transition.Cursor >= (ulong)upTo)
                {
                    break;
                }
            }
        }

        return got;
    }

    /// <summary>Waits until something that other threads do has happened, doing a step of its own each time; fails after a while.</summary>
    public static async Task UntilAsync(Func<bool> happened, Action? step = null)
    {
        var patience = Stopwatch.StartNew();
        while (!happened())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), "what the test waits for did not happen");
            step?.Invoke();
            await Task.Yield();
        }
    }

    /// <summary>Stops this daemon and starts the next on the same journal.</summary>
    public async Task<EngineBench> RestartAsync()
    {
        await StopAsync();
        return await StartAsync(_journal, Clock, limits: LimitStore);
    }

    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            foreach (var hosted in _hosted.Reverse())
            {
                await hosted.StopAsync(CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        (_journal as MemoryAlarmJournal)?.Go();
        await StopAsync();
        await _services.DisposeAsync();
    }
}
