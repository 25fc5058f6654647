using System.Runtime.InteropServices;

namespace EcgStream.Inference.Sessions;

/// <summary>
/// ONNX Runtime's official Linux builds from 1.29 on tell Microsoft how they are used, under an id that they keep in the user's home folder. A hospital's daemon tells nobody:
/// the runtime is asked so by its own variable, before it is loaded.
/// </summary>
internal static class RuntimeTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Call it before the first use of the runtime. Whoever starts the process may set the variable otherwise.</summary>
    public static void Disable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null && (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()))
        {
            // .NET's own call changes its copy only, which native code does not see.
            _ = SetEnvironment(Variable, "1", 0);
        }
    }

    [DllImport("libc", EntryPoint = "setenv", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPStr)] string name, [MarshalAs(UnmanagedType.LPStr)] string value, int overwrite);
}
