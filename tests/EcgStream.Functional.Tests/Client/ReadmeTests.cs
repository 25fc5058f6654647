using System.Runtime.CompilerServices;
using EcgStream.Client.Encoding;
using EcgStream.Client.Streaming;
using EcgStream.Core.Signals;

namespace EcgStream.Functional.Tests.Client;

/// <summary>The example of src/EcgStream.Client/README.md: it runs, and it is the one that the page shows.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task Example_AgainstADaemon_EveryChunkIsTaken()
    {
        await using var running = await TestDaemon.StartAsync();
        var address = $"grpc://127.0.0.1:{running.Grpc.Port}";
        var startUnixNs = TimeProvider.System.GetUtcNow().AddMinutes(-1).ToUnixTimeMilliseconds() * 1_000_000;
        var cancellation = TestContext.Current.CancellationToken;
        static float[] ReadAmplifier() => new float[1000];

        // <example>
        if (!StreamEndpoint.TryParse(address, out var daemon, out var error)) // "grpc://host:50051" or "mqtt://host:1883"
        {
            throw new FormatException(error);
        }

        using var streams = new DeviceStreamFactory(daemon, new DeviceStreamOptions(), TimeProvider.System);
        var chunks = new ChunkBuilder(new DeviceSession("bed-7", DeviceSession.NewSessionId(), startUnixNs, 500, [Lead.I, Lead.II]));
        await using var stream = streams.Open("bed-7");
        for (var second = 0; second < 10; second++)
        {
            var millivolts = ReadAmplifier(); // 500 samples of lead I, then 500 of lead II
            await stream.SendAsync(chunks.FromMillivolts(millivolts, 500, endOfSession: second == 9), cancellation);
        }

        var totals = await stream.CompleteAsync(cancellation);
        // </example>
        Assert.Equal((10, 10), (totals.Sent, totals.Acked));
    }

    [Fact]
    public async Task Readme_Example_IsTheOneAbove()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Folder(), "..", "..", "..", "src", "EcgStream.Client", "README.md"));
        var source = await File.ReadAllTextAsync(Path.Combine(Folder(), "ReadmeTests.cs"));
        Assert.Equal(Lines(Between(source, "// <example>\n", "// </example>")), Lines(Between(page, "```csharp\n", "```")));
    }

    private static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }

    private static List<string> Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
