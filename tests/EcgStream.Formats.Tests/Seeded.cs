namespace EcgStream.Formats.Tests;

/// <summary>Runs a property over many seeds; a failure names the seed that repeats it.</summary>
internal static class Seeded
{
    public static void ForAll(int runs, Action<Random> property)
    {
        for (int seed = 0; seed < runs; seed++)
        {
            try
            {
                property(new Random(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.GetType().Name}: {e.Message}", e);
            }
        }
    }
}
