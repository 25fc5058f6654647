namespace EcgStream.Core.Windows;

public enum ZScoreAxis
{
    Lead,
    Record,
}
