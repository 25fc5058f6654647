using EcgStream.Core.Signals;
using EcgStream.Core.Tests.Sessions;
using EcgStream.Core.Windows;
using Stream = EcgStream.Core.Tests.Sessions.Stream;

namespace EcgStream.Core.Tests.Windows;

public sealed class WindowPlanTests
{
    private static readonly WindowRecipe Any = Bench.Plain("any");
    private static readonly WindowRecipe Eight = Bench.Plain("eight", Lead.I, Lead.II, Lead.V1, Lead.V2, Lead.V3, Lead.V4, Lead.V5, Lead.V6);
    private static readonly WindowRecipe Six = Bench.Plain("six", Lead.I, Lead.II, Lead.III, Lead.AVR, Lead.AVL, Lead.AVF);

    [Fact]
    public void Serves_SingleLead_OnlyTheRecipeForAnyLead()
    {
        Assert.Equal(["any"], Served(Lead.V1));
        Assert.Equal(["any"], Served(Lead.II));
    }

    [Fact]
    public void Serves_LeadsOfARecipe_AnyLeadStepsBack()
    {
        Assert.Equal(["six"], Served(Lead.I, Lead.II));
        Assert.Equal(["eight", "six"], Served([.. LeadNames.StandardTwelve]));
        Assert.Equal(["any"], Served(Lead.II, Lead.V1, Lead.V5));
    }

    [Theory]
    [InlineData(Lead.II, Lead.I, Lead.II)]
    [InlineData(Lead.I, Lead.V1, Lead.I)]
    [InlineData(Lead.MLII, Lead.V5, Lead.MLII)]
    [InlineData(Lead.Ecg, Lead.V, Lead.Ecg)]
    [InlineData(Lead.None, Lead.V1, Lead.V5)]
    public void PreferredLead_Order_IsTheStatedOne(Lead expected, Lead first, Lead second) =>
        Assert.Equal(expected, RecipePolicy.PreferredLead(first.Bit() | second.Bit()));

    [Fact]
    public void OnWindow_AnyLeadWithoutAPreferredOne_TakesTheCleanOne()
    {
        var stream = new Stream(LeadList.Of(Lead.V1, Lead.V5), 500, 5000, 1);
        Array.Clear(stream.Digital[0], 2000, 1000);
        var plain = new Bench(Bench.Plain("v5", Lead.V5));
        var bench = new Bench(Any);
        plain.Give(stream.Cut(() => 125));
        bench.Give(stream.Cut(() => 125));

        Assert.Equal(plain.Sink.Windows[0].Input, bench.Sink.Windows[0].Input);
        Assert.Equal(WindowMarks.None, bench.Sink.Windows[0].Marks);
    }

    [Fact]
    public void Constructor_RecipeLongerThanAllowed_NamesModelAndLimit()
    {
        var error = Assert.Throws<ArgumentException>(() => new WindowPlan(new WindowOptions { Length = TimeSpan.FromSeconds(9) }, [new RhythmWindowPool(Eight, 1)]));

        Assert.Contains("eight", error.Message, StringComparison.Ordinal);
        Assert.Contains("4500", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_NotWholeSamples_AreNamed()
    {
        Assert.Empty(new WindowOptions().Problems());
        Assert.Contains("Hop", Assert.Single(new WindowOptions { Hop = TimeSpan.FromMilliseconds(333) }.Problems()), StringComparison.Ordinal);
    }

    private static string[] Served(params Lead[] carried)
    {
        WindowRecipe[] all = [Any, Eight, Six];
        var layout = new LeadLayout(LeadList.Of(carried));
        return [.. all.Where(recipe => RecipePolicy.Serves(recipe, all, layout.PresentMask)).Select(recipe => recipe.Model)];
    }
}
