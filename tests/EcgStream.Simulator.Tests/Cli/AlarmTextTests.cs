using EcgStream.Protocol.V1;
using EcgStream.Simulator.Cli;

namespace EcgStream.Simulator.Tests.Cli;

public sealed class AlarmTextTests
{
    [Fact]
    public void Line_Alarm_SaysWhoWhatAndWhen()
    {
        var alarm = new AlarmEvent
        {
            Cursor = 17,
            DeviceId = "bed-4",
            Condition = AlarmCondition.AbnormalRhythm,
            Priority = AlarmPriority.Medium,
            State = AlarmState.Active,
            Transition = AlarmTransition.Raised,
            EventUnixNs = 1_800_000_000_250_000_000,
            Message = "** Abnormal rhythm",
            Source = "model/1",
            Value = 4.25,
            Unit = "s",
        };
        Assert.Equal("17 2027-01-15T08:00:00.250Z bed-4 medium abnormal-rhythm raised active: ** Abnormal rhythm 4.25 s [model/1]", AlarmText.Line(alarm));
        alarm.Unit = "1";
        Assert.DoesNotContain("4.25", AlarmText.Line(alarm), StringComparison.Ordinal);
    }
}
