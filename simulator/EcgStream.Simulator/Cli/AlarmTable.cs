using EcgStream.Protocol.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EcgStream.Simulator.Cli;

/// <summary>The alarms that are not cleared, worst first, at most so many as a screen holds.</summary>
internal sealed class AlarmTable
{
    private const int MaxRows = 40;

    private readonly Dictionary<string, AlarmEvent> _open = new(StringComparer.Ordinal);
    private ulong _cursor;

    public void Add(AlarmEvent alarm)
    {
        _cursor = alarm.Cursor;
        if (alarm.State == AlarmState.Cleared)
        {
            _open.Remove(alarm.AlarmId);
        }
        else
        {
            _open[alarm.AlarmId] = alarm;
        }
    }

    public IRenderable Render()
    {
        var table = new Table().AddColumns("priority", "device", "condition", "state", "since", "message", "source");
        table.Caption = new TableTitle(FormattableString.Invariant($"{_open.Count} open alarms, cursor {_cursor}. Not a medical device."));
        foreach (var alarm in _open.Values.OrderByDescending(alarm => alarm.Priority).ThenByDescending(alarm => alarm.OnsetUnixNs).Take(MaxRows))
        {
            var colour = alarm.Priority switch
            {
                AlarmPriority.High => "red",
                AlarmPriority.Medium => "yellow",
                _ => "aqua",
            };
            table.AddRow(
                $"[{colour}]{AlarmText.Name(alarm.Priority)}[/]", Markup.Escape(alarm.DeviceId), AlarmText.Name(alarm.Condition), AlarmText.Name(alarm.State),
                AlarmText.Time(alarm.OnsetUnixNs), Markup.Escape(alarm.Message + AlarmText.Value(alarm)), Markup.Escape(alarm.Source));
        }

        return table;
    }
}
