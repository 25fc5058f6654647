using EcgStream.Protocol.V1;

namespace EcgStream.Client.Streaming;

/// <summary>
/// A device's way to the daemon. It connects by itself, keeps every chunk until it is answered, connects again after a break and then
/// sends again whatever was not answered, in the order in which it was handed over. A refusal that may pass (overloaded, storage, second writer, too many devices) counts as a
/// break, not as an answer. One sender at a time; totals may be read from any thread.
/// </summary>
public interface IDeviceStream : IAsyncDisposable
{
    /// <summary>What has become of the chunks so far.</summary>
    DeviceStreamTotals Totals { get; }

    /// <summary>
    /// Hands a chunk over; the caller does not touch it again. Waits while <see cref="DeviceStreamOptions.MaxInFlightChunks"/> are unanswered,
    /// which is the back-pressure of a daemon that is slower than the sender.
    /// </summary>
    /// <exception cref="DeviceStreamException">The daemon cannot be reached or will not have this device.</exception>
    ValueTask SendAsync(SampleChunk chunk, CancellationToken cancellation = default);

    /// <summary>Ends the sending and waits until every chunk is answered, or <see cref="DeviceStreamOptions.AnswerTimeout"/> has passed without any answer.</summary>
    /// <exception cref="DeviceStreamException">The daemon cannot be reached or will not have this device.</exception>
    Task<DeviceStreamTotals> CompleteAsync(CancellationToken cancellation = default);
}
