using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Alarms.Limits;
using EcgStream.Protocol.V1;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Decided = EcgStream.Core.Alarms;

namespace EcgStream.Daemon.Tests.Alarms;

public sealed class AlarmSetupTests
{
    [Theory]
    [InlineData("Alarms:RhythmRaise", "9", "RhythmRaise")]
    [InlineData("Arrhythmia:AsystoleSeconds", "1", "AsystoleSeconds")]
    [InlineData("Arrhythmia:PauseSeconds", "4", "PauseSeconds")]
    [InlineData("Arrhythmia:HighRateBpm", "150", "ExtremeTachycardiaBpm")]
    [InlineData("Alarms:LeadOnAfter", "00:00:00.5", "LeadOnAfter")]
    [InlineData("Alarms:Engine:TransitionCapacity", "1", "TransitionCapacity")]
    [InlineData("Feeds:PageSize", "0", "PageSize")]
    public void AddEcgAlarms_SettingOutOfBounds_StopsTheStartNamingTheKey(string key, string value, string named)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IAlarmJournal>(new MemoryAlarmJournal());
        services.AddSingleton<ILimitStore>(new MemoryLimitStore());
        services.AddEcgAlarms(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build());
        using var provider = services.BuildServiceProvider();
        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enums_HaveTheProtosNumbers()
    {
        Same<Decided.AlarmCondition, AlarmCondition>();
        Same<Decided.AlarmPriority, AlarmPriority>();
        Same<Decided.AlarmKind, AlarmKind>();
        Same<Decided.AlarmState, AlarmState>();
        Same<Decided.AlarmTransition, AlarmTransition>();
    }

    [Fact]
    public void ToWire_AndBack_ChangesNothing()
    {
        var record = new Decided.AlarmTransitionRecord(
            "id", "device", Decided.AlarmCondition.LeadOff, Decided.AlarmKind.Technical, Decided.AlarmPriority.Low, Decided.AlarmState.Acknowledged,
            Decided.AlarmTransition.Updated, 1, 2, 3, "message", "source", 4.5, "s", "nurse");
        Assert.Equal(record, record.ToWire().ToRecord());
    }

    private static void Same<TCore, TWire>() where TCore : struct, Enum where TWire : struct, Enum =>
        Assert.Equal(
            Enum.GetValues<TCore>().Select(v => (Convert.ToInt32(v, null), v.ToString())),
            Enum.GetValues<TWire>().Select(v => (Convert.ToInt32(v, null), v.ToString())));
}
