using System.Runtime.Intrinsics;

namespace EcgStream.Core.Signals;

/// <summary>
/// Samples before the rings are kept as frames: one sample of every lead side by side ("lanes"), in double precision, padded to whole vectors.
/// Every per-sample stage then runs over leads in parallel, and a stage's result does not depend on how many leads there are.
/// </summary>
internal static class LaneMath
{
    public static int VectorLanes => Vector256<double>.Count;

    /// <summary>Doubles per frame for so many leads.</summary>
    public static int Stride(int leads) => (leads + VectorLanes - 1) / VectorLanes * VectorLanes;
}
