namespace Grpc.AspNetCore.HealthChecks;

public sealed class GrpcHealthChecksOptions
{
    public ServiceMappingCollection Services { get; } = new();

    /// <summary>False: Check, and the first answer of Watch, run the health checks. True: they tell the last published result.</summary>
    public bool UseHealthChecksCache { get; set; }

    /// <summary>False: watches are told NOT_SERVING and ended when the host begins to stop.</summary>
    public bool SuppressCompletionOnShutdown { get; set; }
}
