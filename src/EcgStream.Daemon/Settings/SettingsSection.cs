using System.Reflection;

namespace EcgStream.Daemon.Settings;

/// <summary>One options class: its section and its settings.</summary>
internal sealed record SettingsSection(string Name, Type Options, IReadOnlyList<PropertyInfo> Members);
