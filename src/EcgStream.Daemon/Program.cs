return await EcgStream.Daemon.Commands.DaemonApp.RunAsync(args);
