namespace EcgStream.Inference.Cards;

/// <summary>What a model looks at.</summary>
public enum ModelTask
{
    /// <summary>Windows of several seconds.</summary>
    Rhythm,

    /// <summary>Single beats.</summary>
    Beat,
}
