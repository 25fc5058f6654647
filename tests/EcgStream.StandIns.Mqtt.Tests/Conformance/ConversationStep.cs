namespace EcgStream.StandIns.Mqtt.Tests.Conformance;

/// <summary>One line of a conversation: who, what, and the bytes or seconds.</summary>
internal sealed record ConversationStep(char Peer, char Kind, string Text)
{
    public static ConversationStep Parse(string line)
    {
        var isNamed = line.Length > 1 && char.IsAsciiLetterLower(line[0]) && line[1] is not ' ';
        var rest = isNamed ? line[1..] : line;
        return new ConversationStep(isNamed ? line[0] : 'c', rest[0], rest[1..].Trim());
    }
}
