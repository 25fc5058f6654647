using EcgStream.Faults;
using EcgStream.Faults.Devices;

// dotnet run -c Release --project tests/EcgStream.Faults -- short|long|soak [options]; README.md tells what each does.
if (args is [DeviceOptions.Verb, ..])
{
    return await DeviceProgram.RunAsync(DeviceOptions.Parse(args));
}

if (!RunOptions.TryParse(args, out var options, out var problem))
{
    Console.Error.WriteLine($"faults: {problem}");
    Console.Error.WriteLine(RunOptions.Usage);
    return 2;
}

return await Run.AllAsync(options);
