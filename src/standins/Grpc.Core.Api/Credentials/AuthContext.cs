namespace Grpc.Core;

/// <summary>What the transport knows of the peer; the only thing that authorization may rely on.</summary>
public class AuthContext
{
    private readonly Dictionary<string, List<AuthProperty>> _properties;

    public AuthContext(string? peerIdentityPropertyName, Dictionary<string, List<AuthProperty>> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        PeerIdentityPropertyName = peerIdentityPropertyName;
        _properties = properties;
    }

    public bool IsPeerAuthenticated => PeerIdentityPropertyName is not null;

    /// <summary>Null when the peer is not authenticated.</summary>
    public string? PeerIdentityPropertyName { get; }

    public IEnumerable<AuthProperty> PeerIdentity =>
        PeerIdentityPropertyName is null ? [] : _properties[PeerIdentityPropertyName];

    public IEnumerable<AuthProperty> Properties => _properties.Values.SelectMany(values => values);

    public IEnumerable<AuthProperty> FindPropertiesByName(string propertyName) =>
        _properties.TryGetValue(propertyName, out var found) ? found : [];
}
