namespace EcgStream.Formats;

/// <summary>How one lead's digital samples become a voltage: µV = (sample − baseline) × gain.</summary>
/// <param name="GainMicrovoltsPerLsb">Microvolts per least significant bit; finite and above zero.</param>
/// <param name="BaselineLsb">The sample value of 0 V.</param>
public readonly record struct LeadScale(double GainMicrovoltsPerLsb, int BaselineLsb);
