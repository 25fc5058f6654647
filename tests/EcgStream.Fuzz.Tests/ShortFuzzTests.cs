namespace EcgStream.Fuzz.Tests;

/// <summary>The short form of the fuzz run: every target, a new seed each time, printed where something is found.</summary>
public sealed class ShortFuzzTests
{
    private const int Inputs = 20_000;

    public static TheoryData<string> Targets() => [.. Catalog.Create().Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Run_MutatedInputs_FindsNothingAndReachesBothAnswers(string name)
    {
        var seed = (ulong)TimeProvider.System.GetTimestamp();
        var target = Catalog.Create().Single(target => target.Name == name);
        var inputs = Inputs / target.Cost;
        TestContext.Current.TestOutputHelper!.WriteLine($"dotnet run -c Release --project tests/EcgStream.Fuzz -- --target {name} --seed {seed} --inputs {inputs}");

        var report = new FuzzRun(target, seed, inputs).Run();

        Assert.Empty(report.Findings);
        Assert.True(report.Accepted > inputs / 1000 && report.Accepted < inputs, $"{report.Accepted} of {inputs} inputs were taken: the run does not reach what it should (seed {seed})");
    }

    [Fact]
    public void Run_TargetThatThrowsAllocatesOrMisleads_IsFound()
    {
        var findings = new FuzzRun(new Faulty(), seed: 1, inputs: 200).Run().Findings;
        Assert.Contains(findings, finding => finding.Contains("InvalidOperationException", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Contains("bytes were allocated", StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.Contains("seed 1", finding, StringComparison.Ordinal));
    }

    private sealed class Faulty : FuzzTarget
    {
        public override string Name => "faulty";

        public override IReadOnlyList<byte[]> Corpus { get; } = [[1, 2, 3]];

        public override bool Run(ReadOnlyMemory<byte> input, ref Dice dice) => dice.Next(20) switch
        {
            0 => throw new InvalidOperationException("broken"),
            1 => new byte[FuzzRun.MaximumAllocation + 1].Length > 0,
            _ => true,
        };
    }
}
