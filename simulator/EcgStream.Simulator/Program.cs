return await EcgStream.Simulator.EcgSimApp.RunAsync(args);
