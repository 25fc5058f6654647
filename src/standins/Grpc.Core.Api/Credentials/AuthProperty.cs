using System.Text;

namespace Grpc.Core;

/// <summary>One thing that the transport knows of an authenticated peer, such as a name in its certificate.</summary>
public class AuthProperty
{
    private readonly byte[] _bytes;

    private AuthProperty(string name, byte[] bytes)
    {
        Name = name;
        _bytes = bytes;
    }

    public string Name { get; }

    public string Value => Encoding.UTF8.GetString(_bytes);

    /// <summary>A copy.</summary>
    public byte[] ValueBytes => _bytes.AsSpan().ToArray();

    public static AuthProperty Create(string name, byte[] valueBytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(valueBytes);
        return new AuthProperty(name, valueBytes.AsSpan().ToArray());
    }
}
