using EcgStream.Core.Signals;

namespace EcgStream.Formats.Tests;

public sealed class LeadNameReaderTests
{
    [Theory]
    [InlineData("aVR", Lead.AVR)]
    [InlineData("avf", Lead.AVF)]
    [InlineData("D3", Lead.III)]
    [InlineData("DII", Lead.II)]
    [InlineData("C4", Lead.V4)]
    [InlineData("lead II", Lead.II)]
    [InlineData("Lead 1", Lead.I)]
    [InlineData("Ableitung_V2", Lead.V2)]
    [InlineData("Dérivation DIII", Lead.III)]
    [InlineData("Derivación I", Lead.I)]
    [InlineData("导联Ⅱ", Lead.II)]
    [InlineData("第II誘導", Lead.II)]
    [InlineData("отведение V1", Lead.V1)]
    [InlineData("MDC_ECG_LEAD_aVL", Lead.AVL)]
    [InlineData("ECG II", Lead.II)]
    [InlineData("EKG-V5", Lead.V5)]
    [InlineData("V1 (µV)", Lead.V1)]
    [InlineData("II_uV", Lead.II)]
    [InlineData("'MLII'", Lead.MLII)]
    [InlineData("V", Lead.V)]
    public void Read_NameOfALead_IsThatLead(string name, Lead lead) => Assert.Equal(new LeadName(lead), LeadNameReader.Read(name));

    [Theory]
    [InlineData("MLIII", Lead.III)]
    [InlineData("CM5", Lead.V5)]
    [InlineData("mod.V1", Lead.V1)]
    public void Read_LeadOfARecorder_StandsForTheNearestLead(string name, Lead lead) => Assert.Equal(new LeadName(lead, IsSubstitute: true), LeadNameReader.Read(name));

    [Theory]
    [InlineData("")]
    [InlineData("ECG1")]
    [InlineData("ECG")]
    [InlineData("channel 2")]
    [InlineData("record cu02, signal 0")]
    public void Read_SignalWithoutAPlace_IsUnplaced(string name) => Assert.True(LeadNameReader.Read(name).IsUnplaced);

    [Theory]
    [InlineData("PLETH")]
    [InlineData("ABP")]
    [InlineData("vx")]
    [InlineData("noise1")]
    public void Read_OtherSignals_AreOther(string name) => Assert.True(LeadNameReader.Read(name).IsOther);

    [Theory]
    [InlineData("-aVR")]
    [InlineData("foo")]
    [InlineData("1")]
    [InlineData("V7")]
    public void Read_UnknownNames_AreNoLead(string name) => Assert.Equal(default, LeadNameReader.Read(name));

    [Theory]
    [InlineData("II,V1", null)]
    [InlineData("ECG1=II,#2=-", null)]
    [InlineData("12", null)]
    [InlineData("II,foo", "'foo' is not a lead")]
    [InlineData("II,II", "given twice")]
    [InlineData("II,ECG1=V1", "not both")]
    [InlineData("-", "names no lead")]
    public void TryParse_Assignment_OrItsProblem(string text, string? problem)
    {
        Assert.Equal(problem is null, LeadAssignment.TryParse(text, out _, out string? told));
        Assert.Contains(problem ?? "", told ?? "", StringComparison.Ordinal);
    }
}
