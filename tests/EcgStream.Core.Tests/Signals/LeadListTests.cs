using EcgStream.Core.Signals;

namespace EcgStream.Core.Tests.Signals;

public sealed class LeadListTests
{
    [Fact]
    public void TryAdd_AllLeads_KeepsTheirOrder()
    {
        var list = default(LeadList);
        for (var number = LeadList.MaxCount; number >= 1; number--)
        {
            Assert.True(list.TryAdd((Lead)number));
        }

        for (var index = 0; index < LeadList.MaxCount; index++)
        {
            Assert.Equal((Lead)(LeadList.MaxCount - index), list[index]);
            Assert.Equal(index, list.IndexOf((Lead)(LeadList.MaxCount - index)));
        }

        Assert.False(list.TryAdd(Lead.II));
        Assert.Equal(0x1FFFEu, list.Mask);
    }

    [Fact]
    public void Equals_OtherOrder_Differs()
    {
        Assert.NotEqual(LeadList.Of(Lead.I, Lead.II), LeadList.Of(Lead.II, Lead.I));
        Assert.Equal(LeadList.Of(Lead.I, Lead.II), LeadList.Of(Lead.I, Lead.II));
        Assert.Equal("I II aVR", LeadList.Of(Lead.I, Lead.II, Lead.AVR).ToString());
        Assert.Equal(-1, LeadList.Of(Lead.I).IndexOf(Lead.V1));
    }

    [Fact]
    public void LeadsOff_EveryElectrode_TakesTheLeadsThatNeedIt()
    {
        var twelve = LeadList.Of([.. LeadNames.StandardTwelve]);

        Assert.Equal(twelve.Mask, Electrodes.LeadsOff(1 << 3, twelve));
        Assert.Equal(twelve.Mask & ~Lead.III.Bit(), Electrodes.LeadsOff(1, twelve));
        Assert.Equal(twelve.Mask & ~Lead.II.Bit(), Electrodes.LeadsOff(2, twelve));
        Assert.Equal(twelve.Mask & ~Lead.I.Bit(), Electrodes.LeadsOff(4, twelve));
        for (var chest = 0; chest < 6; chest++)
        {
            Assert.Equal(((Lead)((int)Lead.V1 + chest)).Bit(), Electrodes.LeadsOff(1u << (4 + chest), twelve));
        }

        Assert.Equal(Lead.Ecg.Bit(), Electrodes.LeadsOff(2, LeadList.Of(Lead.Ecg)));
        Assert.Equal(0u, Electrodes.LeadsOff(0, twelve));
    }
}
