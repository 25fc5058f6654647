namespace Grpc.Core;

/// <summary>Which sides of a method are streams.</summary>
public enum MethodType
{
    Unary,
    ClientStreaming,
    ServerStreaming,
    DuplexStreaming,
}
