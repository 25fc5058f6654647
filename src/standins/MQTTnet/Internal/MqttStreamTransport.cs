using System.Buffers;
using System.IO.Pipelines;

namespace MQTTnet.Internal;

/// <summary>
/// Gives a stream the two pipes that a connection works on. The output is a pipe of its own with a loop that writes whatever has
/// gathered, so that packets written while a write is on its way leave together.
/// </summary>
internal sealed class MqttStreamTransport : IDuplexPipe, IAsyncDisposable
{
    // Four typical TLS records; large enough that one system call carries many packets, small enough for thousands of connections.
    private const int ReadBufferSize = 16 * 1024;

    private readonly Stream _stream;
    private readonly Pipe _outputPipe = new(new PipeOptions(pauseWriterThreshold: 128 * 1024, resumeWriterThreshold: 64 * 1024, useSynchronizationContext: false));
    private readonly Task _pump;

    public MqttStreamTransport(Stream stream)
    {
        _stream = stream;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBufferSize, leaveOpen: true, useZeroByteReads: true));
        _pump = PumpAsync();
    }

    public PipeReader Input { get; }

    public PipeWriter Output => _outputPipe.Writer;

    /// <summary>Waits until what was written before the output was completed has been sent, then closes the stream.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pump.ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes the stream under both halves at once.</summary>
    public void Abort()
    {
        _outputPipe.Reader.CancelPendingRead();
        Input.CancelPendingRead();
        _stream.Dispose();
    }

    private async Task PumpAsync()
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                var result = await _outputPipe.Reader.ReadAsync().ConfigureAwait(false);
                var buffer = result.Buffer;
                foreach (var segment in buffer)
                {
                    await _stream.WriteAsync(segment).ConfigureAwait(false);
                }

                _outputPipe.Reader.AdvanceTo(buffer.End);
                if (result.IsCompleted || result.IsCanceled)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            failure = exception;
        }

        await _outputPipe.Reader.CompleteAsync(failure).ConfigureAwait(false);
    }
}
