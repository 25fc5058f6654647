using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Google.Protobuf.Reflection;
using LimitSet = EcgStream.Core.Arrhythmia.ArrhythmiaLimits;
using LimitMessage = EcgStream.Protocol.V1.ArrhythmiaLimits;

namespace EcgStream.Daemon.Alarms.Limits;

/// <summary>
/// Limits as they are sent and stored. The fields of the message are the properties of the class, by name, which a test holds; ranges come from the
/// properties' own attributes, so they are stated once.
/// </summary>
internal static class LimitWire
{
    private static readonly Field[] Fields = [.. LimitMessage.Descriptor.Fields.InFieldNumberOrder().Select(field => new Field(
        field, typeof(LimitSet).GetProperty(field.PropertyName) ?? throw new InvalidOperationException($"ArrhythmiaLimits has no property for the field {field.Name}.")))];

    public static LimitMessage ToWire(this LimitSet limits)
    {
        var wire = new LimitMessage();
        foreach (var field in Fields)
        {
            field.Wire.Accessor.SetValue(wire, field.Property.GetValue(limits));
        }

        return wire;
    }

    /// <summary>The limits with the fields that the message sets.</summary>
    public static LimitSet With(this LimitSet limits, LimitMessage change)
    {
        var changed = limits with { };
        foreach (var field in Fields)
        {
            if (field.Wire.Accessor.HasValue(change))
            {
                field.Property.SetValue(changed, field.Wire.Accessor.GetValue(change));
            }
        }

        return changed;
    }

    /// <summary>Why the limits cannot be used, each with field, value and limit; empty if they can.</summary>
    public static IReadOnlyList<string> Faults(LimitSet limits)
    {
        var faults = new List<string>();
        foreach (var field in Fields)
        {
            var value = field.Property.GetValue(limits)!;
            if (field.Range is { } range && !range.IsValid(value))
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{field.Wire.Name}: {value}, the limit is {range.Minimum} to {range.Maximum}"));
            }
        }

        if (faults.Count == 0)
        {
            foreach (var fault in limits.Validate(new ValidationContext(limits)))
            {
                var member = fault.MemberNames.First();
                var name = Fields.First(field => field.Property.Name == member).Wire.Name;
                faults.Add($"{name}: {fault.ErrorMessage}");
            }
        }

        return faults;
    }

    /// <summary>What differs, for the audit.</summary>
    public static string Difference(LimitSet before, LimitSet after) => string.Join(
        ", ",
        Fields
            .Where(field => !Equals(field.Property.GetValue(before), field.Property.GetValue(after)))
            .Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Wire.Name} {field.Property.GetValue(before)} -> {field.Property.GetValue(after)}")));

    private sealed record Field(FieldDescriptor Wire, PropertyInfo Property)
    {
        public RangeAttribute? Range { get; } = Property.GetCustomAttribute<RangeAttribute>();
    }
}
