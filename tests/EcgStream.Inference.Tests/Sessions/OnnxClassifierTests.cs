using Loader = EcgStream.Inference.Tests.Support.Sessions;

namespace EcgStream.Inference.Tests.Sessions;

public sealed class OnnxClassifierTests
{
    /// <summary>Every batch size from 1 to the largest, in a seeded order, against the model computed by hand: padding and reused rows change nothing.</summary>
    [Fact]
    public void Run_EveryCountInAnyOrder_GivesEachRowItsOwnScores()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        using var classifier = Loader.Classifier(maxBatch: 12);
        for (var round = 0; round < 100; round++)
        {
            var count = random.Next(1, 13);
            var inputs = Enumerable.Range(0, count).Select(_ => Window(random, classifier.Recipe.InputLength)).ToArray();
            for (var row = 0; row < count; row++)
            {
                classifier.Load(row, inputs[row]);
            }

            var scores = classifier.Run(count);
            Assert.Equal(count * 2, scores.Length);
            for (var row = 0; row < count; row++)
            {
                var expected = Loader.Expected(inputs[row]);
                Assert.Equal(expected[0], scores[row * 2], 1e-5);
                Assert.Equal(expected[1], scores[(row * 2) + 1], 1e-5);
            }
        }
    }

    [Fact]
    public void Run_Warm_AllocatesNothing()
    {
        using var classifier = Loader.Classifier();
        var input = new float[classifier.Recipe.InputLength];
        classifier.Load(0, input);
        classifier.Run(5);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            classifier.Load(round % 5, input);
            classifier.Run(5);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Load_WrongLength_IsRefused()
    {
        using var classifier = Loader.Classifier();
        Assert.Throws<ArgumentException>(() => classifier.Load(0, new float[10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => classifier.Run(9));
    }

    internal static float[] Window(Random random, int length)
    {
        var offset = (float)(random.NextDouble() * 2) - 1;
        var window = new float[length];
        for (var index = 0; index < length; index++)
        {
            window[index] = (float)random.NextDouble() + (index < length / 2 ? offset : -offset);
        }

        return window;
    }
}
