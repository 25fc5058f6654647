namespace EcgStream.Core.Results;

/// <summary>
/// Takes every result as it leaves a classifier. Called on the model's own thread, the results of one device in the order of its windows;
/// several models call at once. It must not block: whatever it does with a result, it does later.
/// </summary>
public interface IResultSink
{
    /// <param name="result">Immutable; may be kept.</param>
    void Publish(RhythmResult result);
}
