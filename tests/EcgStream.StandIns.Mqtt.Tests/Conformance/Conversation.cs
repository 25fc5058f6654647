using System.Runtime.CompilerServices;

namespace EcgStream.StandIns.Mqtt.Tests.Conformance;

/// <summary>One conversation of <c>conversations.txt</c>.</summary>
internal sealed record Conversation(string Head, string Version, string[] Statements, List<ConversationStep> Steps)
{
    public static List<Conversation> All()
    {
        var all = new List<Conversation>();
        foreach (var line in File.ReadAllLines(Path.Combine(Folder(), "conversations.txt")).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line[0] is '3' or '5')
            {
                var words = line.Split('|')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                all.Add(new Conversation(line, words[0], words[1..], []));
            }
            else
            {
                all[^1].Steps.Add(ConversationStep.Parse(line));
            }
        }

        return all;
    }

    public static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
