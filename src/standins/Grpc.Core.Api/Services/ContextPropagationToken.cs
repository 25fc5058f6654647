namespace Grpc.Core;

/// <summary>Hands a server call's deadline and cancellation on to the calls that it makes.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}
