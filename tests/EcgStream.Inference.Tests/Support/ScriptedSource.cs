using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;

namespace EcgStream.Inference.Tests.Support;

/// <summary>Gives what the script says for the attempt, numbered from 0; without a script, nothing can be loaded again.</summary>
internal sealed class ScriptedSource(Func<int, IBatchClassifier>? next = null) : IModelSource
{
    private int _attempts;

    public int Attempts => Volatile.Read(ref _attempts);

    public IBatchClassifier Replace(IBatchClassifier? failed) =>
        (next ?? (_ => throw new FileNotFoundException("no such model")))(Interlocked.Increment(ref _attempts) - 1);
}
