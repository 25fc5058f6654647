using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace EcgStream.Inference.Sessions;

/// <summary>
/// ONNX Runtime's environment, of which a process has one. It is made before anything else is asked of the runtime: a provider that cannot be
/// loaded earlier says no more than that no logger is registered.
/// </summary>
internal static class OnnxEnvironment
{
    private static readonly Lock Gate = new();

    // Native code keeps its address for as long as the process runs.
    private static readonly DOrtLoggingFunction Forward = (_, level, _, _, location, message) => InferenceLog.FromRuntime(_log!, level, location, message);

    private static volatile ILogger? _log;

    /// <param name="log">Gets the runtime's own lines; where it is called again, the newest one does.</param>
    public static void Open(ILogger log)
    {
        lock (Gate)
        {
            _log = log;
            if (OrtEnv.IsCreated)
            {
                return;
            }

            RuntimeTelemetry.Disable();
            var options = new EnvironmentCreationOptions
            {
                logId = "ecgstream", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, loggingFunction = Forward,
            };
            OrtEnv.CreateInstanceWithOptions(ref options);
        }
    }
}
