using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>Files by their name and by the symbols that they define. Does not change once made.</summary>
public class SymbolRegistry
{
    private readonly Dictionary<string, FileDescriptor> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _bySymbol = new(StringComparer.Ordinal);

    private SymbolRegistry()
    {
    }

    /// <summary>The files and everything that they import.</summary>
    public static SymbolRegistry FromFiles(IEnumerable<FileDescriptor> fileDescriptors)
    {
        ArgumentNullException.ThrowIfNull(fileDescriptors);
        var registry = new SymbolRegistry();
        foreach (var file in fileDescriptors)
        {
            registry.Add(file);
        }

        return registry;
    }

    public FileDescriptor? FileByName(string filename) => _byName.GetValueOrDefault(filename);

    public FileDescriptor? FileContainingSymbol(string symbol) => _bySymbol.GetValueOrDefault(symbol);

    private void Add(FileDescriptor file)
    {
        if (!_byName.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var import in file.Dependencies)
        {
            Add(import);
        }

        foreach (var message in file.MessageTypes)
        {
            Add(message);
        }

        foreach (var enumeration in file.EnumTypes)
        {
            _bySymbol[enumeration.FullName] = file;
        }

        foreach (var service in file.Services)
        {
            _bySymbol[service.FullName] = file;
            foreach (var method in service.Methods)
            {
                _bySymbol[method.FullName] = file;
            }
        }
    }

    private void Add(MessageDescriptor message)
    {
        _bySymbol[message.FullName] = message.File;
        foreach (var nested in message.NestedTypes)
        {
            Add(nested);
        }

        foreach (var enumeration in message.EnumTypes)
        {
            _bySymbol[enumeration.FullName] = message.File;
        }
    }
}
