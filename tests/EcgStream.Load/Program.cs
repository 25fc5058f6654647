using EcgStream.Load;
using EcgStream.Load.Compare;

// dotnet run -c Release --project tests/EcgStream.Load -- --devices 200 --seconds 60 [--json FILE]
// dotnet run -c Release --project tests/EcgStream.Load -- compare [--connections 50] [--seconds 8] [--payload 2444] [--idle 10000] [--rounds 3]
// The daemon and the generator run in processes of their own; this one subscribes, measures and judges.
switch (args)
{
    case ["compare", .. var rest]:
        if (CompareOptions.TryParse(rest, out var compare))
        {
            return await CompareCommand.RunAsync(compare);
        }

        Console.Error.WriteLine(CompareOptions.Usage);
        return 2;
    case ["serve", ("mqtt" or "grpc" or "grpc-messages") and var kind, var port]:
        return await ServeCommand.RunAsync(kind, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
}

if (!LoadOptions.TryParse(args, out var options, out var problem))
{
    Console.Error.WriteLine($"load: {problem}");
    Console.Error.WriteLine(LoadOptions.Usage);
    return 2;
}

return options.Generate ? await Generator.RunAsync(options) : await LoadRun.RunAsync(options);
