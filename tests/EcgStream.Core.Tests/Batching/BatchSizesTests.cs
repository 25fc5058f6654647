using EcgStream.Core.Batching;

namespace EcgStream.Core.Tests.Batching;

public sealed class BatchSizesTests
{
    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(32, new[] { 1, 2, 4, 8, 16, 32 })]
    [InlineData(20, new[] { 1, 2, 4, 8, 16, 20 })]
    public void PowersOfTwo_EndWithTheLargest(int largest, int[] expected) => Assert.Equal(expected, BatchSizes.PowersOfTwo(largest).Sizes);

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0, 1 })]
    [InlineData(new[] { 1, 4, 4 })]
    [InlineData(new[] { 4, 2 })]
    public void Of_NotRisingFromOne_IsRefused(int[] sizes) => Assert.Throws<ArgumentException>(() => BatchSizes.Of(sizes));

    [Fact]
    public void IndexFor_EveryCount_IsTheSmallestThatHoldsIt()
    {
        var sizes = BatchSizes.Of([1, 3, 8, 20]);
        for (var count = 1; count <= 20; count++)
        {
            Assert.Equal(sizes.Sizes.First(size => size >= count), sizes.Sizes[sizes.IndexFor(count)]);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => sizes.IndexFor(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => sizes.IndexFor(21));
    }
}
