namespace Grpc.Core;

/// <summary>A remote method without its message types.</summary>
public interface IMethod
{
    MethodType Type { get; }

    string ServiceName { get; }

    string Name { get; }

    /// <summary>The path of the call: <c>/package.Service/Method</c>.</summary>
    string FullName { get; }
}
