using System.Diagnostics;

namespace EcgStream.Fuzz;

/// <summary>
/// Feeds one target mutated inputs. Bounds on each input: <see cref="MaximumAllocation"/> bytes allocated and <see cref="Hang"/> of time; on the whole
/// run: <see cref="MaximumGrowth"/> bytes of heap. A breach is a finding, and an input that does not return at all ends the process with its seed.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target, ulong seed, long inputs)
{
    /// <summary>The largest input is 64 KiB; a decoder that needs more than this for it multiplies what a peer sends.</summary>
    public const long MaximumAllocation = 4 * 1024 * 1024;

    public const long MaximumGrowth = 64 * 1024 * 1024;

    private const int MaximumFindings = 20;

    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(10);

    /// <summary>A single input has this long; far above what a collection or a busy machine takes.</summary>
    private static readonly TimeSpan _slow = TimeSpan.FromSeconds(2);

    private long _index;
    private long _began;

    public long Done => Volatile.Read(ref _index);

    /// <summary>The index of an input that has not returned for <see cref="Hang"/>, or null.</summary>
    public long? Hanging =>
        Volatile.Read(ref _began) is not 0 and var began && Stopwatch.GetElapsedTime(began) > Hang ? Done : null;

    public FuzzReport Run()
    {
        target.Prepare();
        var mutator = new Mutator(target.Corpus);
        var findings = new List<string>();
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        long accepted = 0, slowest = 0, largest = 0;
        for (long i = 0; i < inputs && findings.Count < MaximumFindings; i++)
        {
            Volatile.Write(ref _index, i);
            var dice = Dice.For(seed, i);
            var input = mutator.Next(ref dice);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            Volatile.Write(ref _began, began);
            try
            {
                accepted += target.Run(input, ref dice) ? 1 : 0;
            }
            catch (Exception exception)
            {
                findings.Add(Finding(i, $"{exception.GetType().Name}: {exception.Message} {exception.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}", input));
            }

            var took = Stopwatch.GetElapsedTime(began);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            slowest = Math.Max(slowest, (long)took.TotalMicroseconds);
            largest = Math.Max(largest, allocated);
            if (allocated > MaximumAllocation)
            {
                findings.Add(Finding(i, $"{allocated} bytes were allocated for one input", input));
            }

            if (took > _slow)
            {
                findings.Add(Finding(i, $"one input took {took.TotalSeconds:F1} s", input));
            }
        }

        Volatile.Write(ref _began, 0);
        Volatile.Write(ref _index, inputs);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - heap;
        if (growth > MaximumGrowth)
        {
            findings.Add($"{target.Name}: the heap grew by {growth} bytes over the run (seed {seed})");
        }

        return new FuzzReport(target.Name, inputs, accepted, clock.Elapsed.TotalSeconds, slowest, largest, growth, findings);
    }

    private string Finding(long index, string what, ReadOnlyMemory<byte> input) =>
        $"{target.Name}: seed {seed}, input {index}: {what}; {input.Length} bytes: {Convert.ToHexString(input.Span[..Math.Min(input.Length, 256)])}";
}
