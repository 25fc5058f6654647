using EcgStream.Load;

// dotnet run -c Release --project tests/EcgStream.Load -- --devices 200 --seconds 60 [--json FILE]
// The daemon and the generator run in processes of their own; this one subscribes, measures and judges.
if (!LoadOptions.TryParse(args, out var options, out var problem))
{
    Console.Error.WriteLine($"load: {problem}");
    Console.Error.WriteLine(LoadOptions.Usage);
    return 2;
}

return options.Generate ? await Generator.RunAsync(options) : await LoadRun.RunAsync(options);
