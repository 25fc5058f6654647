using System.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using GrpcServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Microsoft.Extensions.DependencyInjection;

public static class GrpcReflectionServiceExtensions
{
    public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => new ReflectionServiceImpl(Mapped(provider)));
        services.TryAddSingleton(provider => new ReflectionV1ServiceImpl(Mapped(provider)));
        return services;
    }

    /// <summary>The declarations of every gRPC service that the application has mapped; known once all are, so asked for with the first call.</summary>
    private static List<GrpcServiceDescriptor> Mapped(IServiceProvider provider) =>
        [.. provider.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
            .OfType<Type>().Distinct()
            .Select(Descriptor).OfType<GrpcServiceDescriptor>()];

    // Generated code marks the base class of a service; the class around it has the declaration.
    private static GrpcServiceDescriptor? Descriptor(Type service)
    {
        for (var type = service; type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } binding)
            {
                return binding.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as GrpcServiceDescriptor;
            }
        }

        return null;
    }
}
