namespace Grpc.Core;

public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Says that no further message comes.</summary>
    Task CompleteAsync();
}
