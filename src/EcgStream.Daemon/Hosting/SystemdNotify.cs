using System.Globalization;
using System.Net.Sockets;
using System.Text;
using EcgStream.Daemon.Pipeline;

namespace EcgStream.Daemon.Hosting;

/// <summary>
/// Tells systemd (Type=notify) that the daemon is ready and that it stops, and feeds its watchdog while every shard is at work: a daemon that no longer
/// analyses is started anew. Without NOTIFY_SOCKET it does nothing. The protocol is that of sd_notify(3).
/// </summary>
internal sealed class SystemdNotify(PipelineService pipeline, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<SystemdNotify> log) : BackgroundService
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(SocketVariable)))
        {
            return Task.CompletedTask;
        }

        lifetime.ApplicationStarted.Register(() => Send("READY=1"));
        lifetime.ApplicationStopping.Register(() => Send("STOPPING=1"));
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!long.TryParse(Environment.GetEnvironmentVariable(WatchdogVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) || microseconds == 0)
        {
            return;
        }

        // A third of the limit: one late tick does not cost a restart.
        using var timer = new PeriodicTimer(TimeSpan.FromMicroseconds(microseconds) / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (pipeline.IsRunning)
                {
                    Send("WATCHDOG=1");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Send(string message)
    {
        var path = Environment.GetEnvironmentVariable(SocketVariable)!;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path)); // @ stands for an abstract socket
            socket.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException fault)
        {
            HostLog.NotifyFailed(log, message, fault.Message);
        }
    }
}
