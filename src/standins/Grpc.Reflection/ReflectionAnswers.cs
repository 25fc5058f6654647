using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>What both versions of the service answer.</summary>
internal sealed class ReflectionAnswers(IEnumerable<string> services, SymbolRegistry symbols)
{
    public ReflectionAnswers(IEnumerable<ServiceDescriptor> services)
        : this(services.Select(s => s.FullName), SymbolRegistry.FromFiles(services.Select(s => s.File)))
    {
    }

    public IReadOnlyList<string> Services { get; } = [.. services];

    public List<ByteString>? FileByName(string name) => Closure(symbols.FileByName(name));

    public List<ByteString>? FileContainingSymbol(string symbol) => Closure(symbols.FileContainingSymbol(symbol));

    /// <summary>The file first, then what it imports, each once.</summary>
    private static List<ByteString>? Closure(FileDescriptor? file)
    {
        if (file is null)
        {
            return null;
        }

        List<FileDescriptor> closure = [file];
        for (var i = 0; i < closure.Count; i++)
        {
            closure.AddRange(closure[i].Dependencies.Where(import => !closure.Contains(import)));
        }

        return closure.ConvertAll(f => f.SerializedData);
    }
}
